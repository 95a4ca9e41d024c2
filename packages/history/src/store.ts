import type { RangeQuery } from "./range.ts";
import type { HistoryPoint, Peaks, PeakScope, Sample } from "./types.ts";

/**
 * The past of the number: samples, kept as rows by minute, hour and day, and the peaks they make. Time is always
 * an argument; a store reads no clock.
 *
 * Every method rejects with a `HistoryError`. `PRESENCE_HISTORY_UNAVAILABLE`: the store cannot be asked or is
 * busy; `PRESENCE_HISTORY_FULL`: it has no room; `PRESENCE_HISTORY_CORRUPT`: its data are damaged;
 * `PRESENCE_CLOSED`: after `close`. A sample that was refused by a failure is not kept, and may be added again.
 */
export interface HistoryStore {
  readonly name: "sqlite" | "mongo";

  /** Where a day begins, as an IANA name. */
  readonly timeZone: string;

  /**
   * Keeps a sample. Adding it again changes nothing, nor does the order in which samples come; several processes
   * may add at once. Never add a stale or incomplete count: see `sampleFrom`.
   *
   * @throws {HistoryError} `PRESENCE_INVALID_CHANNEL`, `PRESENCE_INVALID_TIME`, or `PRESENCE_INVALID_OPTION` for a
   * count that is no whole number.
   */
  addSample(sample: Sample): Promise<void>;

  /**
   * Every minute, hour or day that shares time with [`fromMs`, `toMs`), in order, each with the lowest, highest and
   * last sample; nulls where nobody sampled, or where the rows are no longer kept. The first and the last one tell
   * of all their time, what lies outside the range included.
   *
   * @throws {HistoryError} `PRESENCE_RANGE_TOO_LONG` beyond 1,500 points, naming a coarser step that fits;
   * `PRESENCE_INVALID_TIME` where `toMs` is not after `fromMs`.
   */
  range(channel: string, query: RangeQuery): Promise<readonly HistoryPoint[]>;

  /**
   * The highest sample of the day in which `nowMs` lies, of that and the six days before, and of all time. To ask
   * is to ask now: samples and resets after `nowMs` may show.
   */
  peaks(channel: string, nowMs: number): Promise<Peaks>;

  /**
   * Begins a peak anew: from now on it tells of samples after `options.nowMs` only, until its period has left that
   * instant behind. The reason and the record before are kept. History's rows stay as they are. Answers the peaks
   * after it.
   *
   * A reset before an earlier one of the same peak changes nothing.
   */
  resetPeak(channel: string, scope: PeakScope, options: ResetPeakOptions): Promise<Peaks>;

  /**
   * Removes rows that are no longer kept: minutes that ended 30 days before `nowMs`, hours that ended 400 days
   * before. Days, and with them peaks, stay. In small steps, so that others may read and write between them.
   */
  retain(nowMs: number, options?: RetainOptions): Promise<RetainResult>;

  /** Ends what the store opened itself; idempotent. */
  close(): Promise<void>;
}

/** Options of {@link HistoryStore.resetPeak}. */
export interface ResetPeakOptions {
  /** Why, in 1 to 200 characters. */
  readonly reason: string;
  /** The instant the reset takes place, in whole epoch milliseconds. */
  readonly nowMs: number;
}

/** Options of {@link HistoryStore.retain}. */
export interface RetainOptions {
  /** Ends between two steps once aborted; the next call goes on. */
  readonly signal?: AbortSignal;
}

/** Answer of {@link HistoryStore.retain}: how many rows were removed. */
export interface RetainResult {
  readonly minutes: number;
  readonly hours: number;
}
