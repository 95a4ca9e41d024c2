import type { HistoryPoint, Peaks } from "@presence/api-contract";

/** History in columns, as uPlot draws it: seconds, highest, lowest, last. Nulls are gaps. */
export type HistoryColumns = [number[], (number | null)[], (number | null)[], (number | null)[]];

/** The points as columns. */
export function columnsOf(points: readonly HistoryPoint[]): HistoryColumns {
  return [
    points.map(({ at }) => Date.parse(at) / 1000),
    points.map(({ max }) => max),
    points.map(({ min }) => min),
    points.map(({ last }) => last),
  ];
}

/** Whether anything was ever sampled in them. */
export function hasSamples(points: readonly HistoryPoint[]): boolean {
  return points.some(({ last }) => last !== null);
}

/** A peak to mark on the chart. */
export interface MarkedPeak {
  readonly atMs: number;
  readonly count: number;
}

/** The peaks within the drawn time, each moment once, highest first. */
export function peaksWithin(peaks: Peaks | null, fromMs: number, toMs: number): readonly MarkedPeak[] {
  if (peaks === null) return [];
  const marks = new Map<number, MarkedPeak>();
  for (const peak of [peaks.allTime, peaks.last7Days, peaks.today]) {
    if (peak === null) continue;
    const atMs = Date.parse(peak.at);
    if (atMs >= fromMs && atMs < toMs) marks.set(atMs, { atMs, count: peak.count });
  }
  return [...marks.values()].toSorted((one, other) => other.count - one.count);
}
