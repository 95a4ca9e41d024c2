import { setImmediate as breathe } from "node:timers/promises";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { createProblem } from "@presence/api-contract";
import type { OnlineCount } from "@presence/core";
import { manualClock } from "@presence/core/testing";
import { waitUntil } from "@presence/testkit";
import { createChannelFeed } from "../../src/stream/channel-feed.ts";
import type { News } from "../../src/stream/news.ts";
import type { StreamReader } from "../../src/stream/stream-reader.ts";

const START: OnlineCount = {
  channel: "site",
  count: 1,
  windowSeconds: 60,
  asOfMs: 0,
  sinceMs: 0,
  complete: true,
  stale: false,
  ageMs: 0,
};
const KEEP_ALIVE_MS = 15_000;

interface ListeningReader extends StreamReader {
  readonly heard: Buffer[];
}

function listeningReader(): ListeningReader {
  const heard: Buffer[] = [];
  return { heard, send: (bytes) => void heard.push(bytes), end: () => {} };
}

/** A feed whose next news is said by hand. */
function stagedFeed() {
  const clock = manualClock(0);
  const asked: ((news: News) => void)[] = [];
  const feed = createChannelFeed({
    read: () => new Promise((resolve) => asked.push(resolve)),
    everyMs: 1,
    lookMs: 1,
    keepAliveMs: KEEP_ALIVE_MS,
    nowMs: clock.wallMs,
    steadyMs: clock.monotonicMs,
  });
  return {
    clock,
    feed,
    /** Answers the feed's next question. */
    async tell(news: Partial<OnlineCount> | "unavailable"): Promise<void> {
      const answer = await waitUntil(() => asked.shift(), { everyMs: 1 });
      if (news === "unavailable") {
        answer({ event: "unavailable", problem: createProblem("PRESENCE_STORE_UNAVAILABLE", "Away.") });
      } else answer({ event: "count", count: { ...START, asOfMs: clock.wallMs(), ...news } });
      await waitUntil(() => asked.length > 0, { everyMs: 1 });
    },
    asked,
  };
}

describe("a channel's feed", () => {
  it("makes one buffer of an event for all readers", async () => {
    const { feed, tell } = stagedFeed();
    const readers = Array.from({ length: 1_200 }, listeningReader);
    for (const reader of readers) feed.add(reader);
    await tell({});
    await tell({ count: 2 });
    expect(readers.every(({ heard }) => heard.length === 2)).toBe(true);
    expect(new Set(readers.map(({ heard }) => heard[1])).size).toBe(1);
  });

  it("says nothing while only time goes on", async () => {
    const { clock, feed, tell } = stagedFeed();
    const reader = listeningReader();
    feed.add(reader);
    for (let second = 0; second < 10; second++) {
      clock.advance(1_000);
      await tell({});
    }
    expect(reader.heard).toHaveLength(1);
  });

  it.each([
    ["the count", { count: 2 }],
    ["the bots", { bots: 1 }],
    ["staleness", { stale: true, complete: false, ageMs: 400 }],
    ["completeness", { complete: false }],
    ["the beginning of recording", { sinceMs: 5 }],
    ["unavailability", "unavailable"],
  ] as const)("tells of a change of %s, and of the way back", async (_what, change) => {
    const { feed, tell } = stagedFeed();
    const reader = listeningReader();
    feed.add(reader);
    await tell({});
    await tell(change);
    await tell(change);
    expect(reader.heard).toHaveLength(2);
    await tell({});
    expect(reader.heard).toHaveLength(3);
    expect(reader.heard[2]).toEqual(reader.heard[0]);
  });

  it("tells who joins what is known, as old as it is by then, without another look", async () => {
    const { asked, clock, feed, tell } = stagedFeed();
    feed.add(listeningReader());
    await tell({ count: 7, ageMs: 3 });
    clock.advance(600);
    const looks = asked.length;
    const late = listeningReader();
    feed.add(late);
    expect(asked).toHaveLength(looks);
    expect(String(late.heard[0])).toMatch(/^event: count\ndata: \{.*"count":7,.*"ageMs":600\}\n\n$/);
  });

  it("tells nobody twice who joins while an event is on its way to many", async () => {
    const { feed, tell } = stagedFeed();
    for (let reader = 0; reader < 600; reader++) feed.add(listeningReader());
    await tell({});
    const joining: ListeningReader = listeningReader();
    const first: StreamReader = {
      end: () => {},
      send: () => setImmediate(() => feed.size === 601 && feed.add(joining)),
    };
    feed.add(first);
    await tell({ count: 2 });
    expect(joining.heard.map(String)).toEqual([expect.stringContaining('"count":2')]);
  });

  it("comments each 15 s, whatever else it says", async () => {
    const { clock, feed, tell } = stagedFeed();
    const reader = listeningReader();
    feed.add(reader);
    await tell({});
    const comments = () => reader.heard.filter((bytes) => bytes.toString() === ":\n\n").length;
    for (let second = 1; second <= 60; second++) {
      clock.advance(1_000);
      await tell({ count: second % 7 });
    }
    expect(comments()).toBeGreaterThanOrEqual(3);
    expect(comments()).toBeLessThanOrEqual(4);
  });

  it("looks twice a second while nothing changes, and tells of a change within a second, one event a second", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
    onTestFinished(() => void vi.useRealTimers());
    const steadyMs = (): number => Math.round(performance.now());
    /** When the count goes up: after a quiet while, right behind an event, and for long without a pause. */
    const changesMs = [2_600, 4_001, 4_002, ...Array.from({ length: 300 }, (_, i) => 8_000 + 10 * i)];
    const looksMs: number[] = [];
    const eventsMs: number[] = [];
    const feed = createChannelFeed({
      read: async () => {
        looksMs.push(steadyMs());
        const count = changesMs.filter((atMs) => atMs <= steadyMs()).length;
        return { event: "count", count: { ...START, count } };
      },
      everyMs: 1_000,
      lookMs: 500,
      keepAliveMs: KEEP_ALIVE_MS,
      nowMs: steadyMs,
      steadyMs,
    });
    const beganMs = steadyMs();
    feed.add({ send: () => void eventsMs.push(steadyMs()), end: () => {} });
    await vi.advanceTimersByTimeAsync(2_400);
    expect(looksMs.map((atMs) => atMs - beganMs)).toEqual([0, 1_000, 1_500, 2_000]);
    await vi.advanceTimersByTimeAsync(12_000);
    const toldOf = (changeMs: number): number => eventsMs.find((atMs) => atMs >= changeMs) ?? Infinity;
    expect(toldOf(2_600) - 2_600).toBeLessThanOrEqual(500);
    for (const changeMs of changesMs) expect(toldOf(changeMs) - changeMs).toBeLessThanOrEqual(1_000);
    for (const [i, atMs] of eventsMs.entries())
      expect(atMs - (eventsMs[i - 1] ?? -Infinity)).toBeGreaterThanOrEqual(1_000);
    expect(looksMs.length).toBeLessThan(2 * 15);
  });

  it("looks no more when its last reader has gone, whether it waits or looks at that moment", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    const waiting = stagedFeed();
    const looking = stagedFeed();
    const reader = listeningReader();
    for (const { feed } of [waiting, looking]) feed.add(reader);
    waiting.asked.shift()?.({ event: "count", count: START });
    await breathe();
    expect(vi.getTimerCount()).toBe(1);
    waiting.feed.remove(reader);
    looking.feed.remove(reader);
    looking.asked.shift()?.({ event: "count", count: START });
    await breathe();
    expect(vi.getTimerCount()).toBe(0);
  });
});
