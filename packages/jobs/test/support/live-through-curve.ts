import {
  createMemoryJobBoard,
  createMemoryStore,
  createPresence,
  PresenceError,
  type PresenceStore,
} from "@presence/core";
import { manualClock } from "@presence/core/testing";
import { HISTORY_STEPS, type HistoryPoint, type HistoryStep, type HistoryStore } from "@presence/history";
import { createJobs, runJob } from "../../src/index.ts";
import { type Peaks, peaksByHand, pointsByHand, samplesByHand, type Told } from "./by-hand.ts";
import {
  dailyVisits,
  END_MS,
  HOUR_MS,
  HOURS,
  isAway,
  OUTAGE,
  SLOT_MS,
  START_MS,
  type Visit,
} from "./daily-curve.ts";

const PROFILE = { identity: "ip", ipv6Prefix: 64, windowSeconds: 60, shards: 1 } as const;
const TTL_SECONDS = 180;

/** What came of 48 hours of jobs. */
export interface LivedThrough {
  readonly told: Told;
  readonly expected: Told;
  /** Counts of `sample` by what became of them; `failed` are its runs while nothing was known. */
  readonly counts: { sampled: number; stale: number; incomplete: number; failed: number };
  /** Visitors that `prune` removed. */
  readonly pruned: number;
}

/**
 * Runs every job in each of its slots of 48 hours, one minute of `oneOf` of them, over a store that records the
 * visits of the curve. Answers all the history tells of it, peaks four times a day, and the same from the visits.
 */
export async function liveThroughCurve(history: HistoryStore, oneOf: number): Promise<LivedThrough> {
  const clock = manualClock(START_MS);
  const store = createMemoryStore({ clock });
  const presence = createPresence({ store: comingAndGoing(store) });
  const jobs = createJobs({ presence, history, historyChannels: ["site"] });
  const board = createMemoryJobBoard();
  const options = { board, by: "test", nowMs: store.nowMs, signal: new AbortController().signal };
  const counts = { sampled: 0, stale: 0, incomplete: 0, failed: 0 };
  let pruned = 0;

  async function runJobs(slotMs: number): Promise<void> {
    for (const job of jobs.filter(({ everySeconds }) => slotMs % (everySeconds * 1_000) === 0)) {
      const outcome = await runJob(job, { ...options, onSaveError: unexpected });
      const result = (outcome.ok ? outcome.result : null) as Partial<
        typeof counts & { removed: number }
      > | null;
      pruned += result?.removed ?? 0;
      if (job.name !== "sample") continue;
      counts.sampled += result?.sampled ?? 0;
      counts.stale += result?.stale ?? 0;
      counts.incomplete += result?.incomplete ?? 0;
      counts.failed += outcome.ok ? 0 : 1;
    }
  }

  const visits = dailyVisits();
  const samples = samplesByHand(visits).filter(({ atMs }) => isChosen(atMs, oneOf));
  const [toldPeaks, expectedPeaks]: [Peaks[], Peaks[]] = [[], []];
  let next = 0;
  for (let slotMs = START_MS; slotMs < END_MS; slotMs += SLOT_MS) {
    const first = next;
    while ((visits[next]?.atMs ?? Infinity) <= slotMs) next += 1;
    const seen = visits.slice(first, next);
    if (!isAway(slotMs)) await record(store, seen, slotMs);
    if (isChosen(slotMs, oneOf)) await runJobs(slotMs);
    if ((slotMs + SLOT_MS) % (6 * HOUR_MS) === 0) {
      const { today, last7Days, allTime } = await history.peaks("site", slotMs);
      toldPeaks.push({ today, last7Days, allTime });
      expectedPeaks.push(peaksByHand(samples, slotMs));
    }
    clock.advance(SLOT_MS);
  }
  const points = async (step: HistoryStep) => [step, await allPoints(history, step)] as const;
  const told = Object.fromEntries(await Promise.all(HISTORY_STEPS.map(points)));
  const expected = Object.fromEntries(HISTORY_STEPS.map((step) => [step, pointsByHand(step, samples)]));
  return {
    told: { peaks: toldPeaks, points: told as Told["points"] },
    expected: { peaks: expectedPeaks, points: expected as Told["points"] },
    counts,
    pruned,
  };
}

function isChosen(atMs: number, oneOf: number): boolean {
  return Math.floor(atMs / 60_000) % oneOf === 0;
}

/** The same store, but nobody can count in it during the outage. */
function comingAndGoing(store: PresenceStore): PresenceStore {
  return {
    ...store,
    async count(...args) {
      if (isAway(store.nowMs())) throw new PresenceError("PRESENCE_STORE_UNAVAILABLE", "away");
      return store.count(...args);
    },
  };
}

async function record(store: PresenceStore, visits: readonly Visit[], nowMs: number): Promise<void> {
  // Whoever records after the outage is another process.
  const id = nowMs < OUTAGE.untilMs ? "first" : "second";
  await store.register({ ...PROFILE, id }, { nowMs, ttlSeconds: TTL_SECONDS });
  const latest = new Map(visits.map(({ visitor, atMs }) => [visitor, atMs]));
  await store.record(new Map([["site", latest]]), { nowMs, ttlSeconds: TTL_SECONDS });
}

/** A day of minutes at a time: more points than one range may have. */
async function allPoints(history: HistoryStore, step: HistoryStep): Promise<readonly HistoryPoint[]> {
  const lengthMs = step === "minute" ? 24 * HOUR_MS : HOURS * HOUR_MS;
  const points: HistoryPoint[] = [];
  for (let fromMs = START_MS; fromMs < END_MS; fromMs += lengthMs) {
    points.push(...(await history.range("site", { step, fromMs, toMs: fromMs + lengthMs })));
  }
  return points;
}

function unexpected(error: unknown): never {
  throw error;
}
