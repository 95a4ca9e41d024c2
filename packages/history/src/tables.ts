import type { Span } from "./steps.ts";
import type { HistoryRow, HistoryStep, Peak, PeakScope, Sample } from "./types.ts";

/** A peak that was begun anew: the reset, and the highest sample after it. */
export interface PeakRecord {
  readonly channel: string;
  readonly scope: PeakScope;
  /** Highest sample after `resetAtMs`; `null` as long as there is none. */
  readonly peak: Peak | null;
  readonly resetAtMs: number;
  readonly reason: string;
  /** The record the reset ended. */
  readonly previous: Peak | null;
}

/**
 * What a database must do for `createHistoryStore`: upserts and plain finds. Rows are identified by channel, step
 * and begin, peak records by channel and scope.
 */
export interface HistoryTables {
  readonly name: "sqlite" | "mongo";

  /** Joins rows with what is kept (`joinRows`), and raises the channel's peak records that began before the sample. */
  add(rows: readonly HistoryRow[], sample: Sample): Promise<void>;

  /** Rows of a step that begin in the span, earliest first. */
  rows(channel: string, step: HistoryStep, span: Span): Promise<readonly HistoryRow[]>;

  /** The highest of a channel's days that begin in the span, of equals the one that reached it first. */
  highestDay(channel: string, span: Span): Promise<Peak | null>;

  peakRecords(channel: string): Promise<readonly PeakRecord[]>;

  /** Keeps the record in place of one of an earlier reset; one of the same or a later reset stays. */
  beginPeak(record: PeakRecord): Promise<void>;

  /** Removes some rows of a step that begin before `beforeMs`; 0 where there are none left. */
  removeSome(step: HistoryStep, beforeMs: number): Promise<number>;

  close(): Promise<void>;
}
