/** How many were online at one instant. */
export interface Sample {
  readonly channel: string;
  readonly count: number;
  /** The instant the count is true for, in whole epoch milliseconds. */
  readonly atMs: number;
}

/** The steps history is kept at, finest first. A minute and an hour begin at whole ones of UTC. */
export const HISTORY_STEPS = ["minute", "hour", "day"] as const;

/** Length of a row: a minute, an hour, or a day of the history's time zone (23, 24 or 25 hours). */
export type HistoryStep = (typeof HISTORY_STEPS)[number];

/** All samples of one channel in one minute, hour or day, in a few numbers. */
export interface HistoryRow {
  readonly channel: string;
  readonly step: HistoryStep;
  /** Begin, inclusive, in epoch milliseconds. */
  readonly atMs: number;
  readonly min: number;
  readonly max: number;
  /** When the highest was; the first moment of equals. */
  readonly maxAtMs: number;
  /** The latest sample; the higher of two of the same instant. */
  readonly last: number;
  readonly lastAtMs: number;
}

/** One point of a range. A time nobody sampled has nulls, never zeros. */
export interface HistoryPoint {
  /** Begin, inclusive, in epoch milliseconds. */
  readonly atMs: number;
  readonly min: number | null;
  readonly max: number | null;
  /** When the highest was; the first moment of equals. */
  readonly maxAtMs: number | null;
  readonly last: number | null;
}

/** The periods whose highest sample is told: today; today and the six days before; ever. */
export const PEAK_SCOPES = ["today", "last7Days", "allTime"] as const;

/** A period whose highest sample is told. */
export type PeakScope = (typeof PEAK_SCOPES)[number];

/** The highest sample of a period, and its moment; the first of equals. */
export interface Peak {
  readonly count: number;
  readonly atMs: number;
}

/** That somebody began a peak anew. */
export interface PeakReset {
  readonly scope: PeakScope;
  readonly atMs: number;
  readonly reason: string;
  /** The record it ended; `null` where there was none. */
  readonly previous: Peak | null;
}

/** The peaks of one channel. */
export interface Peaks {
  readonly channel: string;
  /** The instant that says which day is today. */
  readonly asOfMs: number;
  /** Where a day begins, as an IANA name. */
  readonly timeZone: string;
  /** `null` where nothing was sampled since midnight or the reset. */
  readonly today: Peak | null;
  readonly last7Days: Peak | null;
  readonly allTime: Peak | null;
  /** The last reset of each peak that ever had one, in the order of {@link PEAK_SCOPES}. */
  readonly resets: readonly PeakReset[];
}
