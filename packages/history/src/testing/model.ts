import type { HistoryPoint, HistoryStep, Peak, PeakScope, Sample } from "../types.ts";

/**
 * The plainest history that could be right: every sample, and its day as the system writes it. It shares no code
 * with the stores.
 */
export interface HistoryModel {
  add(sample: Omit<Sample, "channel">): void;
  reset(scope: PeakScope, atMs: number): void;
  /** What a point must say. */
  pointAt(step: HistoryStep, atMs: number): HistoryPoint;
  /** How many points there are that something was sampled in. */
  filled(step: HistoryStep): number;
  /** As seen at `nowMs`, at or after everything that came. */
  peak(scope: PeakScope, nowMs: number): Peak | null;
}

type Kept = Omit<Sample, "channel">;

const LENGTH_OF_NAME = { minute: 16, hour: 13 } as const;

export function createHistoryModel(timeZone: string): HistoryModel {
  const samples: Kept[] = [];
  const resets = new Map<PeakScope, number>();
  const dayFormat = new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short" });
  const dayOf = (atMs: number): string => dayFormat.format(atMs);

  function nameOf(step: HistoryStep, atMs: number): string {
    return step === "day" ? dayOf(atMs) : new Date(atMs).toISOString().slice(0, LENGTH_OF_NAME[step]);
  }

  function firstDayOf(scope: PeakScope, today: string): string {
    if (scope === "allTime") return "";
    const daysBefore = scope === "today" ? 0 : 6;
    return new Date(Date.parse(today) - daysBefore * 86_400_000).toISOString().slice(0, 10);
  }

  return {
    add: (sample) => void samples.push(sample),
    // One before an earlier reset changes nothing.
    reset: (scope, atMs) => void resets.set(scope, Math.max(atMs, resets.get(scope) ?? atMs)),

    pointAt(step, atMs) {
      const name = nameOf(step, atMs);
      const inside = samples.filter((sample) => nameOf(step, sample.atMs) === name);
      if (inside.length === 0) return { atMs, min: null, max: null, maxAtMs: null, last: null };
      const counts = inside.map(({ count }) => count);
      const latestMs = Math.max(...inside.map((sample) => sample.atMs));
      const highest = highestOf(inside);
      return {
        atMs,
        min: Math.min(...counts),
        max: Math.max(...counts),
        maxAtMs: highest?.atMs ?? null,
        last: Math.max(...inside.filter((sample) => sample.atMs === latestMs).map(({ count }) => count)),
      };
    },

    filled: (step) => new Set(samples.map(({ atMs }) => nameOf(step, atMs))).size,

    peak(scope, nowMs) {
      const today = dayOf(nowMs);
      const firstDay = firstDayOf(scope, today);
      const resetMs = resets.get(scope);
      const isAfterReset = (atMs: number): boolean =>
        resetMs === undefined || dayOf(resetMs) < firstDay || atMs > resetMs;
      return highestOf(
        samples.filter(
          ({ atMs }) =>
            dayOf(atMs) >= firstDay && (scope === "allTime" || dayOf(atMs) <= today) && isAfterReset(atMs),
        ),
      );
    },
  };
}

function highestOf(samples: readonly Kept[]): Peak | null {
  const [first] = samples.toSorted((a, b) => b.count - a.count || a.atMs - b.atMs);
  return first === undefined ? null : { count: first.count, atMs: first.atMs };
}
