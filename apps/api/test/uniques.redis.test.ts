import { uniqueRoutes } from "@presence/api-contract";
import { createMemoryStore } from "@presence/core";
import { connectRedisStore } from "@presence/core/redis";
import { redisForTests } from "@presence/testkit";
import { describe, expect, it } from "vitest";
import { answerOf, bearer, INGEST_TOKEN, problemOf, startTestApi, type TestApi } from "./support/api.ts";

const contract = uniqueRoutes.getUniques;
const env = {
  PRESENCE_PUBLIC: "history",
  PRESENCE_CHANNELS: "site,page:*",
  PRESENCE_TIME_ZONE: "Asia/Tokyo",
};

const ask = async (api: TestApi, query = "") => answerOf(await api.get(`/v1/uniques${query}`), contract);

describe("GET /v1/uniques", () => {
  it("counts each visitor of a day once in Redis, visits and sightings of others alike", async () => {
    await using redis = await redisForTests();
    const store = connectRedisStore({ url: redis.url, key: redis.key });
    await store.whenReady(5_000);
    const api = await startTestApi({ store, env });
    for (const address of ["203.0.113.1", "203.0.113.2", "203.0.113.1"]) await api.visit(address);
    await api.deps.presence.flush();
    const sightings = [
      { ip: "203.0.113.2" },
      { ip: "203.0.113.3" },
      { ip: "203.0.113.4", channel: "page:/" },
    ];
    await api.post("/v1/sightings", { sightings }, bearer(INGEST_TOKEN));
    const { days, ...answer } = await ask(api, "?days=2");
    expect(answer).toEqual({ channel: "site", timeZone: "Asia/Tokyo", errorPercent: 0.81 });
    const today = new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Tokyo" }).format(store.nowMs());
    expect(days).toHaveLength(2);
    expect(days[0]?.visitors).toBeNull();
    expect(days[1]).toEqual({ day: today, visitors: 3 });
  });

  it("is known in one process of its own too, a week unless asked for more or less", async () => {
    const api = await startTestApi({ store: createMemoryStore(), env });
    await api.visit("203.0.113.1");
    await api.deps.presence.flush();
    const { days } = await ask(api);
    expect(days.map(({ visitors }) => visitors)).toEqual([null, null, null, null, null, null, 1]);
    expect((await ask(api, "?days=400")).days).toHaveLength(400);
  });

  it.each(["days=0", "days=401", "days=x"])("refuses %s", async (query) => {
    const api = await startTestApi({ env });
    const problem = await problemOf(await api.get(`/v1/uniques?${query}`), contract);
    expect(problem).toMatchObject({ status: 400, code: "PRESENCE_INVALID_REQUEST" });
  });
});
