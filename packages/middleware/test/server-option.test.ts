import { startFaultProxy, waitUntil } from "@presence/testkit";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { PresenceEvent, PresenceHandle, ServerOptions } from "../src/types.ts";
import { expectSameAnswers } from "./support/answers.ts";
import { startExpressApp } from "./support/express-app.ts";
import {
  INGEST_TOKEN,
  type PresenceServer,
  READ_TOKEN,
  startPresenceServer,
} from "./support/presence-server.ts";

let server: PresenceServer;
beforeAll(async () => {
  server = await startPresenceServer({
    PRESENCE_CHANNELS: "site,page:*,team:*",
    PRESENCE_BOTS: "separate",
    PRESENCE_PUBLIC: "none",
  });
});
afterAll(async () => server[Symbol.asyncDispose]());

interface Counting {
  readonly url: string;
  readonly online: PresenceHandle;
  readonly events: readonly PresenceEvent[];
  /** Ends the application. */
  stop(): Promise<void>;
}

/** An application on a channel of its own. */
async function startCounting(
  channel: string,
  options: Partial<ServerOptions<string>> = {},
): Promise<Counting> {
  const events: PresenceEvent[] = [];
  const app = await startExpressApp({
    trustedProxies: ["loopback"],
    channel: () => channel,
    onEvent: (event) => events.push(event),
    url: server.url,
    ingestToken: INGEST_TOKEN,
    readToken: READ_TOKEN,
    ...options,
  });
  if (app.online === null) throw new Error("an application with presence has a handle");
  const { url, online, stop } = app;
  onTestFinished(async () => {
    await stop().catch(() => {});
    await online.close();
  });
  return { url, online, events, stop };
}

function visit(url: string, address: string, userAgent = "Mozilla/5.0 Firefox/140.0"): Promise<Response> {
  return fetch(url, { headers: { "X-Forwarded-For": address, "User-Agent": userAgent } });
}

async function counted(handle: PresenceHandle, channel: string): Promise<number | undefined> {
  return (await handle.count({ channel }).catch(() => null))?.count;
}

describe("sightings sent to a Presence server", () => {
  it("are counted there, each client once, IPv6 by its network, bots apart", async () => {
    const { url, online } = await startCounting("team:one");
    for (const address of ["203.0.113.1", "203.0.113.1", "203.0.113.2"]) await visit(url, address);
    for (const address of ["2001:db8:1:2::1", "2001:db8:1:2::2"]) await visit(url, address);
    await visit(url, "203.0.113.3", "Mozilla/5.0 (compatible; Googlebot/2.1)");
    expect(await online.count({ channel: "team:one" })).toMatchObject({
      channel: "team:one",
      count: 3,
      bots: 1,
      windowSeconds: 60,
      stale: false,
      asOfMs: expect.closeTo(Date.now(), -4),
    });
    expect(online.stats()).toEqual({ recorded: 6, refused: {}, pending: 0 });
  });

  it("are sent by themselves, and the rest of them when the application ends", async () => {
    const quick = await startCounting("team:quick");
    const patient = await startCounting("team:patient", { flushMs: 10_000 });
    await visit(quick.url, "203.0.113.1");
    await waitUntil(() => quick.online.stats().pending === 0);
    await visit(patient.url, "203.0.113.1");
    expect(patient.online.stats().pending).toBe(1);
    await patient.stop();
    await waitUntil(async () => (await counted(quick.online, "team:patient")) === 1);
    expect(await counted(quick.online, "team:quick")).toBe(1);
  });

  it("are refused by the server for a channel it does not have, which is said once", async () => {
    const { url, online, events } = await startCounting("elsewhere");
    for (const address of ["203.0.113.1", "203.0.113.2"]) await visit(url, address);
    await waitUntil(() => online.stats().pending === 0);
    expect(online.stats().refused).toEqual({ PRESENCE_CHANNEL_NOT_ALLOWED: 2 });
    expect(events).toMatchObject([{ kind: "refused", reason: "PRESENCE_CHANNEL_NOT_ALLOWED" }]);
  });

  it("wait where the token is wrong, which is said with what the server answered", async () => {
    const { url, online, events } = await startCounting("team:wrong", { ingestToken: "x".repeat(32) });
    expect((await visit(url, "203.0.113.1")).status).toBe(200);
    await waitUntil(() => events.length > 0);
    expect(events).toMatchObject([{ kind: "store-lost" }]);
    expect(events[0]?.message).toContain("401");
    expect(online.stats()).toMatchObject({ recorded: 1, pending: 1 });
  });

  it("are nobody's to read without a token where the server shows counts to nobody", async () => {
    const { online } = await startCounting("team:closed", { readToken: "y".repeat(32) });
    await expect(online.count()).rejects.toMatchObject({ code: "PRESENCE_UNAUTHORIZED" });
  });
});

describe("a server that goes and comes back", () => {
  it("changes no answer, adds no wait and loses nobody; counts are stale meanwhile", async () => {
    await using proxy = await startFaultProxy({ targetPort: server.port });
    const bare = await startExpressApp(null);
    onTestFinished(() => bare.stop());
    const { url, online, events } = await startCounting("team:outage", { url: proxy.url("http") });
    await visit(url, "203.0.113.1");
    expect((await online.count({ channel: "team:outage" })).count).toBe(1);
    for (const mode of ["blackhole", "refuse"] as const) {
      await proxy.mode(mode);
      const startedMs = performance.now();
      await expectSameAnswers(bare.url, url);
      await visit(url, "203.0.113.2");
      expect(performance.now() - startedMs).toBeLessThan(5_000);
      expect(await online.count({ channel: "team:outage" })).toMatchObject({
        count: 1,
        stale: true,
        complete: false,
      });
    }
    await proxy.mode("pass");
    // The first, the second, and who asked for the answers that were compared.
    await waitUntil(async () => (await counted(online, "team:outage")) === 3);
    expect(await online.count({ channel: "team:outage" })).toMatchObject({ stale: false });
    expect(events.map(({ kind }) => kind)).toEqual(["store-lost", "store-back"]);
  });

  it("is told no more than fits in memory", async () => {
    await using proxy = await startFaultProxy({ targetPort: server.port });
    await proxy.mode("refuse");
    const { url, online } = await startCounting("team:full", { url: proxy.url("http"), bufferVisitors: 5 });
    for (let i = 0; i < 8; i += 1) expect((await visit(url, `203.0.113.${i}`)).status).toBe(200);
    expect(online.stats()).toMatchObject({ recorded: 5, refused: { full: 3 }, pending: 5 });
    await proxy.mode("pass");
    await waitUntil(async () => (await counted(online, "team:full")) === 5);
    expect(await online.count({ channel: "team:full" })).toMatchObject({ complete: false });
  });
});
