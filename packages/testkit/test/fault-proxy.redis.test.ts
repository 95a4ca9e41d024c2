import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type FaultProxy, type RedisServer, startFaultProxy, startRedis, waitUntil } from "../src/index.ts";

describe("startFaultProxy", () => {
  let server: RedisServer;
  let proxy: FaultProxy;
  let client: Redis;
  beforeAll(async () => {
    server = await startRedis();
    await server.client().set("long", "x".repeat(10_000));
  });
  beforeEach(async () => {
    proxy = await startFaultProxy({ targetPort: server.port });
    client = new Redis(proxy.url(), { retryStrategy: () => 20, maxRetriesPerRequest: 0 });
    client.on("error", () => {});
    await client.set("a", "1");
  });
  afterEach(async () => {
    client.disconnect();
    await proxy.close();
  });
  afterAll(async () => server.stop());

  it("passes what both sides say", async () => {
    expect(await client.get("long")).toHaveLength(10_000);
    expect(proxy.connections).toBe(1);
  });

  it("lets nobody in while it refuses, and is there again on the same port", async () => {
    await proxy.mode("refuse");
    const other = new Redis(proxy.url(), { lazyConnect: true, retryStrategy: () => null });
    const errors: string[] = [];
    other.on("error", (error) => errors.push(String(error)));
    await expect(other.connect()).rejects.toThrow();
    expect(errors.join()).toContain("ECONNREFUSED");
    await proxy.mode("pass");
    await waitUntil(async () => (await client.get("a")) === "1");
  });

  it("resets open connections and new ones", async () => {
    await proxy.mode("reset");
    await expect(client.get("a")).rejects.toThrow();
    await proxy.mode("pass");
    await waitUntil(async () => (await client.get("a")) === "1");
  });

  it("holds every byte in a black hole, and delivers it late when it ends", async () => {
    await proxy.mode("blackhole");
    const late = client.incr("counter");
    const first = await Promise.race([late, new Promise((resolve) => setTimeout(resolve, 200, "silence"))]);
    expect(first).toBe("silence");
    expect(await server.client().get("counter")).toBeNull();
    await proxy.mode("pass");
    expect(await late).toBe(1);
  });

  it("answers every command with an error, and none reaches the server", async () => {
    await proxy.mode({ answersError: "LOADING Redis is loading the dataset in memory" });
    const answers = await Promise.allSettled([client.get("a"), client.incr("counted"), client.get("a")]);
    expect(
      answers.map((answer) => (answer.status === "rejected" ? String(answer.reason) : answer.value)),
    ).toEqual(Array.from({ length: 3 }, () => "ReplyError: LOADING Redis is loading the dataset in memory"));
    await proxy.mode("pass");
    expect(await client.get("counted")).toBeNull();
  });

  it("delays each answer, not one after the other", async () => {
    await proxy.mode({ latencyMs: 200 });
    const startedMs = performance.now();
    await Promise.all(Array.from({ length: 20 }, (_, index) => client.get(`key${index}`)));
    const tookMs = performance.now() - startedMs;
    expect(tookMs).toBeGreaterThanOrEqual(199);
    expect(tookMs).toBeLessThan(3_900);
  });

  it("drips answers, and lets the rest go at once when it ends", async () => {
    await proxy.mode({ dripBytesPerSecond: 20_000 });
    const startedMs = performance.now();
    expect(await client.get("long")).toHaveLength(10_000);
    expect(performance.now() - startedMs).toBeGreaterThan(400);
    await proxy.mode({ dripBytesPerSecond: 1 });
    const slow = client.get("long");
    await waitUntil(() => client.status === "ready");
    await proxy.mode("pass");
    expect(await slow).toHaveLength(10_000);
  });

  it("cuts a connection in the middle of an answer", async () => {
    await proxy.mode({ cutAfterBytes: 5_000 });
    await expect(client.get("long")).rejects.toThrow();
    await proxy.mode("pass");
    await waitUntil(async () => (await client.get("long"))?.length === 10_000);
  });

  it("resets its client when the server behind it is not there", async () => {
    const lonely = await startFaultProxy({ targetPort: 1 });
    const other = new Redis(lonely.url(), { lazyConnect: true, retryStrategy: () => null });
    other.on("error", () => {});
    await expect(other.connect()).rejects.toThrow();
    await lonely.close();
  });
});
