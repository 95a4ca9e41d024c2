import type { HistoryPoint, HistoryStep, Peak, PeakScope, Sample } from "@presence/history";
import {
  END_MS,
  HOUR_MS,
  HOURS,
  OUTAGE,
  SLOT_MS,
  START_MS,
  TIME_ZONE,
  type Visit,
  WINDOW_MS,
} from "./daily-curve.ts";

/** What a history tells of the curve, or must tell. */
export interface Told {
  readonly peaks: readonly Peaks[];
  readonly points: Readonly<Record<HistoryStep, readonly HistoryPoint[]>>;
}

export type Peaks = Readonly<Record<PeakScope, Peak | null>>;

/** How many were online in each slot that may be sampled, from the visits alone. */
export function samplesByHand(visits: readonly Visit[]): readonly Sample[] {
  const samples: Sample[] = [];
  const inWindow = new Map<string, number>();
  let [first, next] = [0, 0];
  for (let atMs = START_MS; atMs < END_MS; atMs += SLOT_MS) {
    for (; (visits[next]?.atMs ?? Infinity) <= atMs; next += 1) add(visits[next], 1);
    for (; (visits[first]?.atMs ?? Infinity) <= atMs - WINDOW_MS; first += 1) add(visits[first], -1);
    if (isWhole(atMs)) samples.push({ channel: "site", count: inWindow.size, atMs });
  }
  return samples;

  function add(visit: Visit | undefined, more: number): void {
    if (visit === undefined) return;
    const times = (inWindow.get(visit.visitor) ?? 0) + more;
    if (times === 0) inWindow.delete(visit.visitor);
    else inWindow.set(visit.visitor, times);
  }
}

/** Whether recording ran for the whole window before an instant. */
function isWhole(atMs: number): boolean {
  const sinceMs = atMs < OUTAGE.untilMs ? START_MS : OUTAGE.untilMs;
  return atMs - WINDOW_MS >= sinceMs && !(atMs >= OUTAGE.fromMs && atMs < OUTAGE.untilMs);
}

export function peaksByHand(samples: readonly Sample[], nowMs: number): Peaks {
  const today = dayOf(nowMs);
  const past = samples.filter(({ atMs }) => atMs <= nowMs);
  return {
    today: highest(past.filter(({ atMs }) => dayOf(atMs) === today)),
    last7Days: highest(past),
    allTime: highest(past),
  };
}

const dayFormat = new Intl.DateTimeFormat("sv-SE", { timeZone: TIME_ZONE, dateStyle: "short" });

function dayOf(atMs: number): string {
  return dayFormat.format(atMs);
}

/** When Berlin's days of the curve begin. */
const DAY_STARTS = ["2026-10-23T22:00:00Z", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z"].map((text) =>
  Date.parse(text),
);

export function pointsByHand(step: HistoryStep, samples: readonly Sample[]): readonly HistoryPoint[] {
  const lengthMs = step === "minute" ? 60_000 : HOUR_MS;
  const starts =
    step === "day"
      ? DAY_STARTS
      : Array.from({ length: (HOURS * HOUR_MS) / lengthMs }, (_, index) => START_MS + index * lengthMs);
  const startOf = (atMs: number): number =>
    step === "day"
      ? (DAY_STARTS.findLast((start) => start <= atMs) ?? Number.NaN)
      : atMs - ((atMs - START_MS) % lengthMs);
  const groups = Map.groupBy(samples, ({ atMs }) => startOf(atMs));
  return starts.map((atMs) => {
    const group = groups.get(atMs) ?? [];
    const top = highest(group);
    const counts = group.map(({ count }) => count);
    return {
      atMs,
      min: top === null ? null : Math.min(...counts),
      max: top?.count ?? null,
      maxAtMs: top?.atMs ?? null,
      last: counts.at(-1) ?? null,
    };
  });
}

/** Samples come in order here: the first of equals is the earliest. */
function highest(samples: readonly Sample[]): Peak | null {
  let best: Peak | null = null;
  for (const { count, atMs } of samples) if (best === null || count > best.count) best = { count, atMs };
  return best;
}
