import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createPresence, type Presence } from "../src/index.ts";
import { connectRedisStore, type RedisStore } from "../src/redis.ts";
import { freshStore, useRedis } from "./support/redis.ts";

describe("beside the sightings", () => {
  const server = useRedis();
  let store: RedisStore;
  let presence: Presence;

  beforeEach(async () => {
    store = await freshStore(server());
    presence = createPresence({ store, uniquesDay: () => "2026-06-01" });
  });
  afterEach(async () => {
    await presence.close();
    await store.close();
  });

  it("lets exactly one of many run a slot of a job", async () => {
    const claims = await Promise.all(Array.from({ length: 20 }, () => store.jobs.claim("prune", 7, 60_000)));
    expect(claims.filter(Boolean)).toHaveLength(1);
    expect(await store.jobs.claim("prune", 8, 60_000)).toBe(true);
  });

  it("keeps the last run of each job, and when it last succeeded", async () => {
    const run = { job: "prune", elapsedMs: 3, by: "host:1", result: { removed: 2 } };
    await store.jobs.saveRun({ ...run, atMs: 1_000, ok: true });
    await store.jobs.saveRun({ ...run, atMs: 2_000, ok: false, result: "away" });
    expect(await store.jobs.runs()).toEqual([
      { ...run, atMs: 2_000, ok: false, result: "away", lastSuccessMs: 1_000 },
    ]);
  });

  it("counts distinct visitors of a day within the error of a HyperLogLog, and says null for a day without", async () => {
    for (let i = 0; i < 20_000; i += 1) presence.record(`v${i % 10_000}`);
    await presence.flush();
    const [counted, nothing] = await store.uniques("site", ["2026-06-01", "2026-06-02"]);
    expect(Math.abs((counted ?? 0) - 10_000)).toBeLessThan(10_000 * 0.0081 * 4);
    expect(nothing).toBeNull();
  });

  it("gives all processes the same key of a day, and forgets those of the past", async () => {
    const other = connectRedisStore({ url: server().url, key: store.keys.channel("site")[0] ?? "" });
    await other.whenReady(5_000);
    const [mine, theirs] = await Promise.all([
      store.identityKey("2026-06-01"),
      other.identityKey("2026-06-01"),
    ]);
    expect(mine).toEqual(theirs);
    expect(mine).toHaveLength(32);
    await store.identityKey("2026-06-02");
    await store.identityKey("2026-06-04");
    expect((await store.client.hkeys(store.keys.secret)).toSorted()).toEqual(["2026-06-02", "2026-06-04"]);
    await other.close();
  });

  it("puts a visitor's new text in the place of the former one", async () => {
    presence.record("old");
    await presence.flush();
    presence.record("new", { replaces: "old" });
    expect((await presence.count()).count).toBe(1);
    expect((await presence.list()).visitors.map(({ visitor }) => visitor)).toEqual(["new"]);
  });

  it("describes its server, and names the permission it lacks for a question", async () => {
    presence.record("a");
    await presence.flush();
    expect(await store.inspect(60)).toMatchObject({
      server: { ok: true, value: { role: "master" } },
      memory: { ok: true, value: { policy: "noeviction" } },
      keyTypes: { ok: true, value: ["zset"] },
      inFuture: { ok: true, value: 0 },
      expiredWaiting: { ok: true, value: 0 },
    });
    await store.client.call(
      "ACL",
      "SETUSER",
      "narrow",
      "on",
      ">narrow-password",
      "~*",
      "+@all",
      "-info",
      "-type",
    );
    const narrow = connectRedisStore({
      url: server().url.replace("redis://", "redis://narrow:narrow-password@"),
    });
    await narrow.whenReady(5_000);
    expect(await narrow.inspect(60)).toMatchObject({
      server: { ok: false, missing: "+info" },
      keyTypes: { ok: false, missing: "+type" },
      expiredWaiting: { ok: true },
    });
    await narrow.close();
  });
});
