import type { HistoryAnswer, HistoryStep, Peaks, PeakScope } from "@presence/api-contract";

/** What is asked of {@link HistorySource.history}. */
export interface HistoryQuestion {
  readonly channel: string;
  /** Inclusive, in epoch milliseconds. */
  readonly fromMs: number;
  /** Exclusive, in epoch milliseconds. */
  readonly toMs: number;
  readonly step: HistoryStep;
}

/** A peak to begin anew. */
export interface PeakToReset {
  readonly channel: string;
  readonly scope: PeakScope;
  readonly reason: string;
}

/**
 * Who keeps the history: an API, or the MongoDB it keeps it in. Both answer in the words of the API. Every method
 * rejects with a `HistoryError` or a `PresenceClientError`.
 */
export interface HistorySource {
  /** As a sentence names it, without a password. */
  readonly name: string;
  history(question: HistoryQuestion): Promise<HistoryAnswer>;
  peaks(channel: string): Promise<Peaks>;
  /** Answers the peaks after it. */
  resetPeak(peak: PeakToReset): Promise<Peaks>;
  close(): Promise<void>;
}
