import { createServer } from "node:http";
import { type RedisServer, startRedis, waitUntil } from "@presence/testkit";
import express from "express";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { presence } from "../src/express.ts";
import type { PresenceEvent, PresenceOptions } from "../src/types.ts";
import { closeServer, listen } from "./support/listen.ts";

let redis: RedisServer;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

/** A client that is ended with the test. */
function clientOf(options: { readonly lazyConnect?: boolean } = {}): Redis {
  const client = new Redis(redis.url, options);
  onTestFinished(() => client.disconnect());
  return client;
}

describe("a client of the application's own", () => {
  it("is used and stays open", async () => {
    const client = clientOf();
    const online = presence({ redis: client, key: "own" });
    const { server, url } = await listen(express().use(online));
    await fetch(url);
    expect((await online.count()).count).toBe(1);
    await closeServer(server);
    await online.close();
    expect(await client.zcard("own")).toBe(1);
  });

  it("is connected where it was made to wait for its first command", async () => {
    const online = presence({ redis: clientOf({ lazyConnect: true }), key: "lazy" });
    const { server, url } = await listen(express().use(online));
    await fetch(url);
    expect((await online.count()).count).toBe(1);
    await closeServer(server);
    await online.close();
  });
});

describe("an application whose server ends", () => {
  it("counts again when another server begins", async () => {
    const online = presence({ redis: redis.url, key: "again", trustedProxies: ["loopback"] });
    onTestFinished(() => online.close());
    const app = express().use(online);
    for (const address of ["203.0.113.1", "203.0.113.2"]) {
      const { server, url } = await listen(app);
      await fetch(url, { headers: { "X-Forwarded-For": address } });
      await closeServer(server);
    }
    expect((await online.count()).count).toBe(2);
  });

  it("goes on counting while one of its two servers is left", async () => {
    const online = presence({ redis: redis.url, key: "two", trustedProxies: ["loopback"] });
    onTestFinished(() => online.close());
    const app = express().use(online);
    const [one, two] = [await listen(app), await listen(app)];
    for (const { url } of [one, two]) await fetch(url);
    await closeServer(one.server);
    await fetch(two.url, { headers: { "X-Forwarded-For": "203.0.113.1" } });
    expect(online.stats().recorded).toBe(3);
    await closeServer(two.server);
    await waitUntil(() => online.stats().pending === 0);
    expect(await redis.client().zcard("two")).toBe(2);
  });
});

describe("peers on a Unix socket", () => {
  it("are nobody until they are trusted, which is said", async () => {
    const events: PresenceEvent[] = [];
    const online = presence({ redis: redis.url, key: "unix", onEvent: (event) => events.push(event) });
    onTestFinished(() => online.close());
    const server = createServer(express().use(online));
    const path = `\0presence-${process.pid}`;
    await new Promise<void>((resolve) => server.listen(path, resolve));
    onTestFinished(() => closeServer(server));
    await askOver(path);
    expect(online.stats()).toMatchObject({ recorded: 0, refused: { address: 1 } });
    expect(events).toMatchObject([{ kind: "refused", reason: "address" }]);
    expect(events[0]?.message).toContain("`unix`");
  });
});

describe("an option that cannot be used", () => {
  const url = "http://127.0.0.1:1";
  const ingestToken = "x".repeat(32);
  it.each([
    [
      {},
      "either redis (a url, or an ioredis client or cluster) or url and ingestToken; it was given neither",
    ],
    [{ redis: "redis://127.0.0.1:1", url, ingestToken }, "it was given both"],
    [{ redis: "http://127.0.0.1" }, "redis://"],
    [{ redis: { isOpen: true, sendCommand() {} } }, "redis must be a url, or an ioredis client or cluster"],
    [{ redis: "redis://127.0.0.1:1", windowSeconds: 0 }, "window must be a whole number from 1 to 86400"],
    [{ redis: "redis://127.0.0.1:1", bufferVisitors: 0 }, "bufferVisitors"],
    [{ redis: "redis://127.0.0.1:1", shards: 65 }, "shards"],
    [{ redis: "redis://127.0.0.1:1", channels: ["Page"] }, '"Page" is no channel'],
    [{ redis: "redis://127.0.0.1:1", trustedProxies: ["10.0.0.0/33"] }, '"10.0.0.0/33"'],
    [{ redis: "redis://127.0.0.1:1", trustedProxies: ["0.0.0.0/0"] }, "trusts every address"],
    [{ redis: "redis://127.0.0.1:1", clientHeader: "a b" }, "no header name"],
    [{ redis: "redis://127.0.0.1:1", ignore: ["10.0.0.0/99"] }, '"10.0.0.0/99"'],
    [{ redis: "redis://127.0.0.1:1", ipv6Prefix: 16 }, "IPv6 prefix"],
    [{ url: "ftp://example.com", ingestToken }, "http://"],
    [{ url }, "ingestToken"],
    [
      { url, ingestToken, identity: "hashed" },
      "identity is for the server at url to decide: set PRESENCE_IDENTITY",
    ],
  ])("throws at start and says what would do: %j", (options, message) => {
    expect(() => presence(options as unknown as PresenceOptions<never>)).toThrow(message);
  });
});

async function askOver(socketPath: string): Promise<void> {
  const { request } = await import("node:http");
  await new Promise<void>((resolve, reject) => {
    const sent = request({ socketPath, path: "/" }, (response) => {
      response.resume().on("end", resolve);
    });
    sent.on("error", reject).end();
  });
}
