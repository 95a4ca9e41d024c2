import { setTimeout as delay } from "node:timers/promises";
import {
  type RedisCluster,
  type RedisSentinel,
  type RedisServer,
  startCluster,
  startSentinel,
} from "@presence/testkit";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createPresence, type Presence } from "../src/index.ts";
import { connectRedisStore, type RedisStore, slotOf } from "../src/redis.ts";
import { untilComplete } from "./support/until-complete.ts";
import { watchCount } from "./support/watched-count.ts";

const WINDOW_SECONDS = 8;
const ANSWERS_AGAIN_MS = 10_000;
const COMPLETE_WITHIN_MS = 40_000;
const STEADY = Array.from({ length: 200 }, (_, i) => `steady-${i}`);
const SEEN_ONCE = Array.from({ length: 200 }, (_, i) => `once-${i}`);

/** A reader and writer of its own, whose window is over before the test is. */
async function openPresence(url: string, shards: number) {
  const store = connectRedisStore({ url, shards, key: "failover" });
  await store.whenReady(10_000);
  const presence = createPresence({ store, windowSeconds: WINDOW_SECONDS });
  presence.start();
  return { store, presence };
}

describe("a master that goes", { timeout: 120_000 }, () => {
  let store: RedisStore;
  let presence: Presence;
  let ends: (() => Promise<void>)[];

  beforeEach(() => {
    ends = [];
  });
  afterEach(async () => {
    for (const end of ends.toReversed()) await end();
  });

  /** Kills the master in the middle of traffic and holds every answer against what may be said. */
  async function killUnderTraffic(kill: () => Promise<void>) {
    const watched = watchCount(presence, STEADY);
    ends.push(watched.stop);
    await untilComplete(presence, { timeoutMs: COMPLETE_WITHIN_MS });
    // Acknowledged, and perhaps on no replica yet.
    for (const visitor of SEEN_ONCE) presence.record(visitor);
    await presence.flush();
    await kill();
    const killedMs = performance.now();

    await vi.waitFor(
      () => {
        const stale = watched.answers.findLast(({ count }) => count?.stale === true);
        expect(stale).toBeDefined();
        expect(watched.firstFresh(stale?.atMs ?? Infinity)).toBeDefined();
      },
      { timeout: 30_000, interval: 20 },
    );
    const staleMs = watched.answers.findLast(({ count }) => count?.stale === true)?.atMs ?? 0;
    const freshMs = (watched.firstFresh(staleMs)?.atMs ?? Infinity) - killedMs;
    // What was sent again is there while it is still online.
    await vi.waitFor(
      async () => {
        const { visitors } = await presence.list({ limit: 1_000 });
        expect(visitors).toHaveLength(STEADY.length + SEEN_ONCE.length);
      },
      { timeout: 20_000, interval: 50 },
    );
    await untilComplete(presence, { timeoutMs: COMPLETE_WITHIN_MS });
    const wholeMs = performance.now() - killedMs;
    await watched.stop();
    const silentlyLow = watched.answers.filter(
      ({ count }) => count?.complete === true && count.count < STEADY.length,
    );
    return { freshMs, wholeMs, silentlyLow, last: await presence.count() };
  }

  describe("behind Sentinel", () => {
    let sentinel: RedisSentinel;
    let master: RedisServer;

    beforeEach(async () => {
      sentinel = await startSentinel({ replicas: 1, downAfterMs: 1_000 });
      ends.push(() => sentinel.stop());
      ({ store, presence } = await openPresence(sentinel.url, 1));
      ends.push(
        () => store.close(),
        () => presence.close(),
      );
      master = await sentinel.master();
    });

    it("answers from the new one within 10 s, incomplete for a window, and loses nobody it can send again", async () => {
      const result = await killUnderTraffic(() => master.kill());
      process.stdout.write(
        `Sentinel, master killed: fresh after ${Math.round(result.freshMs)} ms, complete after ${Math.round(result.wholeMs)} ms\n`,
      );
      expect(result.freshMs).toBeLessThan(ANSWERS_AGAIN_MS);
      expect(result.silentlyLow).toEqual([]);
      expect(result.last).toMatchObject({ count: STEADY.length, complete: true });
    });

    it("writes to the new master after an orderly failover, and says how many sightings that lost", async () => {
      const watched = watchCount(presence, []);
      ends.push(watched.stop);
      // A visitor a millisecond or so, each seen once: who is missing afterwards was lost.
      let recorded = 0;
      let isRecording = true;
      const recording = (async () => {
        while (isRecording) {
          presence.record(`visitor-${recorded}`);
          recorded += 1;
          // oxlint-disable-next-line no-await-in-loop
          await delay(1);
        }
      })();
      const next = await sentinel.failover();
      isRecording = false;
      await recording;
      await vi.waitFor(() => presence.flush(), { timeout: ANSWERS_AGAIN_MS, interval: 50 });
      const client = next.client();
      const lost = recorded - (await client.zcard("failover"));
      process.stdout.write(
        `Sentinel, orderly failover: ${lost} of ${recorded} sightings lost, then sent again\n`,
      );
      await vi.waitFor(async () => expect(await client.zcard("failover")).toBe(recorded), {
        timeout: ANSWERS_AGAIN_MS,
        interval: 100,
      });
    });
  });

  describe("in a cluster of 3 masters and 3 replicas", () => {
    let cluster: RedisCluster;

    beforeEach(async () => {
      cluster = await startCluster({ masters: 3, replicas: 1, nodeTimeoutMs: 2_000 });
      ends.push(() => cluster.stop());
      ({ store, presence } = await openPresence(cluster.url, 16));
      ends.push(
        () => store.close(),
        () => presence.close(),
      );
    }, 90_000);

    it("that holds shards but not the state: reads answer within 10 s, never silently lower", async () => {
      const ofState = await cluster.masterOf(slotOf(store.keys.state));
      const other = (await cluster.masters()).find((node) => node.port !== ofState.port);
      const result = await killUnderTraffic(async () => other?.kill());
      process.stdout.write(
        `cluster, a master of shards killed: fresh after ${Math.round(result.freshMs)} ms, complete after ${Math.round(result.wholeMs)} ms\n`,
      );
      expect(result.freshMs).toBeLessThan(ANSWERS_AGAIN_MS);
      expect(result.silentlyLow).toEqual([]);
      expect(result.last).toMatchObject({ count: STEADY.length, complete: true });
    });

    it("that holds the state: the same", async () => {
      const ofState = await cluster.masterOf(slotOf(store.keys.state));
      const result = await killUnderTraffic(() => ofState.kill());
      process.stdout.write(
        `cluster, the master of the state killed: fresh after ${Math.round(result.freshMs)} ms, complete after ${Math.round(result.wholeMs)} ms\n`,
      );
      expect(result.freshMs).toBeLessThan(ANSWERS_AGAIN_MS);
      expect(result.silentlyLow).toEqual([]);
      expect(result.last).toMatchObject({ count: STEADY.length, complete: true });
    });

    it("hands its slots over in order: no answer is silently lower", async () => {
      const watched = watchCount(presence, STEADY);
      ends.push(watched.stop);
      await untilComplete(presence, { timeoutMs: COMPLETE_WITHIN_MS });
      const master = await cluster.masterOf(slotOf(store.keys.state));
      await cluster.failover(master);
      await untilComplete(presence, { timeoutMs: COMPLETE_WITHIN_MS });
      await watched.stop();
      expect(
        watched.answers.filter(({ count }) => count?.complete === true && count.count < STEADY.length),
      ).toEqual([]);
      expect(await presence.count()).toMatchObject({ count: STEADY.length });
    });
  });
});
