import { afterAll, beforeAll, expect, it } from "vitest";
import { connectRedisStore } from "@presence/core/redis";
import { type RedisServer, startRedis } from "@presence/testkit";
import { startTestApi } from "./support/api.ts";
import { type HeardEvent, openStream } from "./support/streams.ts";

let redis: RedisServer;
beforeAll(async () => {
  redis = await startRedis({ persist: true });
});
afterAll(() => redis.stop());

it("tells of a lost store: stale, unavailable, and the count again, and never a false zero", async () => {
  const store = connectRedisStore({ url: redis.url });
  await store.whenReady(5_000);
  const api = await startTestApi({ store, env: { PRESENCE_WINDOW_SECONDS: "3" } });
  await api.visit("203.0.113.1");
  const stream = await openStream(api);
  const heard: HeardEvent[] = [];
  async function until(isIt: (event: HeardEvent) => boolean): Promise<HeardEvent> {
    for (;;) {
      const event = await stream.next();
      if (event === null) throw new Error("the stream ended");
      heard.push(event);
      if (isIt(event)) return event;
    }
  }

  await until(({ data }) => data["count"] === 1);
  await redis.kill();
  const stale = await until(({ data }) => data["stale"] === true);
  expect(stale).toMatchObject({ event: "count", data: { count: 1, complete: false } });
  expect(stale.data["ageMs"]).toBeLessThan(3_000);
  expect(await until(({ event }) => event === "unavailable")).toMatchObject({
    data: { status: 503, code: "PRESENCE_STORE_UNAVAILABLE" },
  });
  expect(heard.filter(({ data }) => data["count"] === 0)).toEqual([]);

  await redis.restart();
  await api.visit("203.0.113.2");
  await until(({ data }) => data["count"] === 1 && data["stale"] === false);
});
