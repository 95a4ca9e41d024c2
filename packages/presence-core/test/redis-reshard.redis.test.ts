import { setTimeout as delay } from "node:timers/promises";
import { type RedisCluster, type RedisServer, startCluster, startRedis } from "@presence/testkit";
import { Redis } from "ioredis";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { createPresence, type Presence } from "../src/index.ts";
import { connectRedisStore, type RedisStore, type ReshardStatus } from "../src/redis.ts";
import { untilComplete } from "./support/until-complete.ts";
import { watchCount } from "./support/watched-count.ts";

const WINDOW_SECONDS = 3;
const COMPLETE_WITHIN_MS = 20_000;
const VISITORS = Array.from({ length: 300 }, (_, i) => `203.0.113.${i % 250}-${i}`);

const opened: { readonly store: RedisStore; readonly presence: Presence }[] = [];

/** A process of its own, as far as the store can tell. */
async function openProcess(url: string, key: string, shards: number) {
  const store = connectRedisStore({ url, key, shards });
  await store.whenReady(10_000);
  const presence = createPresence({ store, windowSeconds: WINDOW_SECONDS });
  opened.push({ store, presence });
  return { store, presence };
}

/** Waits until the change is over, and answers the phases it went through. */
async function untilSettled(store: RedisStore): Promise<readonly ReshardStatus["phase"][]> {
  const phases: ReshardStatus["phase"][] = [];
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop
    const { phase } = await store.resharding.status();
    if (phases.at(-1) !== phase) phases.push(phase);
    if (phase === "settled") return phases;
    // oxlint-disable-next-line no-await-in-loop
    await delay(50);
  }
}

/** Changes the shards under traffic of two writers, and a third that comes in the middle. */
async function changeUnderTraffic(url: string, key: string, from: number, to: number) {
  const first = await openProcess(url, key, from);
  const second = await openProcess(url, key, from);
  const operator = await openProcess(url, key, from);
  first.presence.start();
  second.presence.start();
  const watched = watchCount(first.presence, VISITORS.slice(0, 200));
  const alsoWatched = watchCount(second.presence, VISITORS.slice(100));
  await untilComplete(first.presence, { timeoutMs: COMPLETE_WITHIN_MS });
  const begunMs = performance.now();

  expect(await operator.store.resharding.begin(to)).toMatchObject({ shards: from, next: to, writers: 2 });
  const late = await openProcess(url, key, from);
  late.presence.record(VISITORS[0] ?? "");
  const phases = await untilSettled(operator.store);
  await watched.stop();
  await alsoWatched.stop();

  const answers = [...watched.answers, ...alsoWatched.answers].filter(({ atMs }) => atMs >= begunMs);
  // Who is configured for the former number goes by what the store says.
  const newcomer = await openProcess(url, key, from);
  const { count } = await newcomer.presence.count();
  return { phases, answers, newcomer: { count, shards: newcomer.store.shards } };
}

describe("a change of the number of shards", { timeout: 150_000 }, () => {
  let server: RedisServer;
  let cluster: RedisCluster;
  let key: string;
  let keys = 0;

  beforeAll(async () => {
    [server, cluster] = await Promise.all([startRedis(), startCluster({ masters: 3 })]);
  });
  afterAll(async () => {
    for (const { store, presence } of opened) {
      await presence.close();
      await store.close();
    }
    await Promise.all([server.stop(), cluster.stop()]);
  });
  beforeEach(() => {
    keys += 1;
    key = `reshard${keys}`;
  });

  it.concurrent.each([
    { what: "from one to sixteen", on: () => server, from: 1, to: 16 },
    { what: "from sixteen to four, in a cluster", on: () => cluster, from: 16, to: 4 },
  ])("moves reads when all is in both, and no answer jumps: $what", async ({ on, from, to }) => {
    const { phases, answers, newcomer } = await changeUnderTraffic(on().url, `change${from}`, from, to);
    expect(phases).toEqual(["waiting", "filling", "moved", "settled"]);
    expect(answers.length).toBeGreaterThan(100);
    // None is of fewer visitors. One that came late is the last known one, and says so; one while a write is tried
    // again on a machine that stalls says that it may be too low.
    for (const { count } of answers) {
      expect(count?.count).toBe(VISITORS.length);
      expect(count?.stale === true && count.complete).toBe(false);
    }
    expect(answers.filter(({ count }) => count?.complete).length).toBeGreaterThan(50);
    expect(newcomer).toEqual({ count: VISITORS.length, shards: to });
  });

  it("is taken back as long as reads have not moved", async () => {
    const { store, presence } = await openProcess(server.url, key, 1);
    presence.start();
    for (const visitor of VISITORS) presence.record(visitor);
    await presence.flush();
    await vi.waitFor(async () => expect(await store.state()).not.toBeNull(), 20_000);
    await store.resharding.begin(4);
    expect(await store.resharding.cancel()).toMatchObject({ phase: "settled", shards: 1, next: null });
    await presence.flush();
    expect(await presence.count()).toMatchObject({ count: VISITORS.length });
    expect(await store.client.exists(store.keys.layout)).toBe(0);
  });

  it("prunes and forgets in both while it lasts", async () => {
    const { store, presence } = await openProcess(server.url, key, 1);
    presence.start();
    await vi.waitFor(async () => expect(await store.state()).not.toBeNull(), 20_000);
    await store.resharding.begin(2);
    for (const visitor of VISITORS) presence.record(visitor);
    await presence.flush();
    const sets = async (): Promise<number> => {
      const names = (await store.client.keys(`${key}*`)).filter((name) => !name.includes(":meta:"));
      const sizes = await Promise.all(names.map((name) => store.client.zcard(name)));
      return sizes.reduce((sum, n) => sum + n, 0);
    };
    expect(await sets()).toBe(2 * VISITORS.length);
    expect(await presence.forget(VISITORS.slice(0, 100))).toBe(100);
    expect(await sets()).toBe(2 * (VISITORS.length - 100));
    await vi.waitFor(async () => expect(await presence.count()).toMatchObject({ count: 0 }), 10_000);
    expect(await presence.prune()).toMatchObject({ removed: VISITORS.length - 100, remaining: 0 });
    expect(await sets()).toBe(0);
    await store.resharding.cancel();
  });

  it("fails a forget whose connection goes, and nothing besides", async () => {
    const { store, presence } = await openProcess(server.url, key, 1);
    presence.start();
    await vi.waitFor(async () => expect(await store.state()).not.toBeNull(), 20_000);
    await store.resharding.begin(2);
    const unheard: unknown[] = [];
    const hear = (reason: unknown): void => void unheard.push(reason);
    process.on("unhandledRejection", hear);
    try {
      const { client } = store;
      if (!(client instanceof Redis)) throw new Error("it is one server");
      // Gone, and nobody has been told yet: the next command fails before it is sent.
      client.stream.destroy();
      await expect(store.forget("site", VISITORS.slice(0, 3))).rejects.toMatchObject({
        code: "PRESENCE_STORE_UNAVAILABLE",
      });
      // Rejections that nobody handles are told of once the turn is over.
      await delay(0);
      expect(unheard).toEqual([]);
    } finally {
      process.off("unhandledRejection", hear);
    }
    await vi.waitFor(() => store.resharding.cancel(), { timeout: 20_000, interval: 100 });
  });

  it("is refused where there is nothing to change, nobody records, or one is under way", async () => {
    const { store, presence } = await openProcess(server.url, key, 1);
    const code = { code: "PRESENCE_INVALID_OPTION" };
    await expect(store.resharding.begin(16)).rejects.toMatchObject(code);
    presence.start();
    await vi.waitFor(async () => expect(await store.state()).not.toBeNull(), 20_000);
    await expect(store.resharding.begin(1)).rejects.toMatchObject(code);
    await expect(store.resharding.begin(65)).rejects.toMatchObject(code);
    await expect(store.resharding.cancel()).rejects.toMatchObject(code);
    await store.resharding.begin(16);
    await expect(store.resharding.begin(4)).rejects.toMatchObject(code);
    await store.resharding.cancel();
  });
});
