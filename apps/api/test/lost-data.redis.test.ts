import { connectRedisStore } from "@presence/core/redis";
import { startRedis, waitUntil } from "@presence/testkit";
import { expect, it } from "vitest";
import { bearer, INGEST_TOKEN, startTestApi } from "./support/api.ts";
import { codes } from "./support/diagnostics.ts";

const ROOM = 100;

it("counts who came before and after Redis lost its data, though the buffer is nearly full, and drops nobody", async () => {
  await using redis = await startRedis();
  const store = connectRedisStore({ url: redis.url });
  await store.whenReady(5_000);
  const api = await startTestApi({
    store,
    // So long that only a read sends what waits.
    env: { PRESENCE_BUFFER_VISITORS: String(ROOM), PRESENCE_FLUSH_MS: "10000" },
  });
  const visits = (network: string): Promise<unknown> =>
    Promise.all(Array.from({ length: ROOM }, (_, i) => api.visit(`${network}.${i}`)));
  await visits("198.51.100");
  expect(await api.num()).toBe(ROOM);
  await store.client.flushall();
  await visits("203.0.113");
  await waitUntil(() => api.log().includes("the store lost its data"), { timeoutMs: 20_000 });
  expect(await api.num()).toBe(2 * ROOM);
  expect(await codes(api)).not.toContain("sightings-dropped");
});

it("counts who was sent by others before Redis lost its data", async () => {
  await using redis = await startRedis();
  const store = connectRedisStore({ url: redis.url });
  await store.whenReady(5_000);
  const api = await startTestApi({ store });
  const sightings = Array.from({ length: ROOM }, (_, i) => ({ ip: `198.51.100.${i}` }));
  const answer = await api.post("/v1/sightings", { sightings }, bearer(INGEST_TOKEN));
  expect(answer.status).toBe(200);
  await waitUntil(async () => (await store.state()) !== null, { what: "the registration" });
  await store.client.flushall();
  await waitUntil(() => api.log().includes("the store lost its data"), { timeoutMs: 20_000 });
  expect(await api.num()).toBe(ROOM);
});
