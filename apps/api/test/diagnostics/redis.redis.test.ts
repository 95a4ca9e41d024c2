import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { connectRedisStore } from "@presence/core/redis";
import { startRedis, waitUntil, type RedisServer } from "@presence/testkit";
import { startTestApi, type TestApi } from "../support/api.ts";
import { codes, finding, look } from "../support/diagnostics.ts";

let redis: RedisServer;
beforeAll(async () => {
  redis = await startRedis({ config: { "maxmemory-policy": "noeviction" } });
});
afterAll(() => redis.stop());
beforeEach(() => redis.client().flushall());

async function startOnRedis(url = redis.url): Promise<TestApi> {
  const store = connectRedisStore({ url });
  await store.whenReady(5_000);
  return startTestApi({ store, env: { REDIS_URL: url } });
}

describe("what Redis says of itself", () => {
  it("is no finding where all is well", async () => {
    const api = await startOnRedis();
    await api.visit("203.0.113.1");
    await api.deps.presence.flush();
    const answer = await look(api);
    expect(answer.findings).toEqual([]);
    expect(answer.store).toMatchObject({ name: "redis", ready: true, latencyMs: expect.any(Number) });
    expect(answer.instance.mode).toBe("redis");
  });

  it("is a finding where it may evict, and where it is nearly full", async () => {
    const api = await startOnRedis();
    const client = redis.client();
    await client.config("SET", "maxmemory-policy", "allkeys-lru");
    expect(await finding(api, "eviction-policy")).toMatchObject({
      severity: "warn",
      detail: expect.stringContaining("allkeys-lru"),
      remedy: expect.stringContaining("CONFIG SET maxmemory-policy noeviction"),
    });
    await client.config("SET", "maxmemory-policy", "noeviction");
    const used = Number(/used_memory:(\d+)/.exec(await client.info("memory"))?.[1]);
    await client.config("SET", "maxmemory", String(Math.round(used * 1.02)));
    expect((await finding(api, "memory-nearly-full")).detail).toMatch(/uses [\d.]+ MB of [\d.]+ MB/);
    await client.config("SET", "maxmemory", "0");
    expect(await codes(api)).toEqual([]);
  });

  it("is a finding where the key holds something else", async () => {
    const api = await startOnRedis();
    await redis.client().set("onlines", "a text");
    expect(await finding(api, "key-type")).toMatchObject({
      severity: "fail",
      detail: expect.stringContaining("onlines is a string"),
    });
  });

  it("is a finding where another program shares the key, or writes milliseconds", async () => {
    const api = await startOnRedis();
    await redis.client().zadd("onlines", Math.floor(Date.now() / 1_000), "198.51.100.7");
    expect((await finding(api, "key-without-end")).severity).toBe("info");
    await redis.client().zadd("onlines", Date.now(), "198.51.100.8");
    expect((await finding(api, "visitors-of-the-future")).detail).toMatch(/^1 of them/);
  });

  it("is a finding where visitors have another form: an alarm for addresses, none for names", async () => {
    const api = await startOnRedis();
    api.deps.presence.record("user-42");
    await api.visit("2001:db8::1");
    await api.deps.presence.flush();
    expect(await finding(api, "visitors-of-another-form")).toMatchObject({
      severity: "info",
      detail: expect.stringMatching(/^1 of 2 visitors/),
    });
    await redis.client().zadd("onlines", Math.floor(Date.now() / 1_000), "2001:db8::1");
    expect(await finding(api, "visitors-of-another-form")).toMatchObject({
      severity: "warn",
      remedy: expect.stringContaining("PRESENCE_IPV6_PREFIX=128"),
    });
  });

  it("is a finding where its user may not be asked everything", async () => {
    const client = redis.client();
    await client.acl("SETUSER", "app", "on", ">secret", "~onlines*", "+@all", "-info");
    const api = await startOnRedis(redis.url.replace("://", "://app:secret@"));
    expect(await finding(api, "redis-permission")).toMatchObject({
      detail: expect.stringContaining("+info"),
      remedy: expect.stringContaining("ACL SETUSER"),
    });
  });
});

describe("Redis that fails", () => {
  it("is a finding when it lost its data, and when it does not answer", async () => {
    const api = await startOnRedis();
    await api.visit("203.0.113.1");
    await api.deps.presence.flush();
    await waitUntil(async () => (await look(api)).writers.length === 1);
    await redis.client().flushall();
    await waitUntil(async () => {
      await api.visit("203.0.113.1");
      return (await codes(api)).includes("data-lost");
    });
    await redis.pause();
    expect((await finding(api, "store-unreachable")).title).toBe("Redis does not answer");
    await redis.resume();
    await waitUntil(async () => !(await codes(api)).includes("store-unreachable"));
  });
});
