import { createPresence } from "@presence/core";
import { connectRedisStore } from "@presence/core/redis";
import { type RedisServer, startRedis } from "@presence/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pruneAll } from "../src/index.ts";

describe("pruneAll on Redis", () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(async () => server.stop());

  it("counts each visitor once when processes of their own prune 50,000 at the same time", async () => {
    const client = server.client();
    const longAgo = Math.floor(Date.now() / 1_000) - 600;
    for (let batch = 0; batch < 50; batch++) {
      const members = Array.from({ length: 1_000 }, (_, index) => [longAgo, `v${batch}-${index}`]).flat();
      await client.zadd("many", ...members);
    }
    const stores = Array.from({ length: 3 }, () => connectRedisStore({ url: server.url, key: "many" }));
    await Promise.all(stores.map((store) => store.whenReady(5_000)));
    const results = await Promise.all(
      stores.map((store) => pruneAll({ presence: createPresence({ store }), channels: ["site"] })),
    );
    expect(results.reduce((sum, { removed }) => sum + removed, 0)).toBe(50_000);
    expect(results.map(({ remaining }) => remaining)).toEqual([0, 0, 0]);
    expect(await client.zcard("many")).toBe(0);
    await Promise.all(stores.map((store) => store.close()));
  });

  it("names a channel whose key is of another type, and prunes the others", async () => {
    const client = server.client();
    await client.set("mixed", "not a set");
    const longAgo = Math.floor(Date.now() / 1_000) - 600;
    await client.zadd("mixed:channel:page:/a", longAgo, "somebody");
    await client.zadd("mixed:meta:channels", longAgo * 1_000, "page:/a");
    const store = connectRedisStore({ url: server.url, key: "mixed" });
    await store.whenReady(5_000);
    const result = await pruneAll({ presence: createPresence({ store }), channels: ["site"] });
    expect(result.failures).toMatchObject([{ channel: "site", error: { code: "PRESENCE_STORE_REFUSED" } }]);
    expect(result.removed).toBe(1);
    await store.close();
  });
});
