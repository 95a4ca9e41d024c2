import type { ForgetAnswer, OnlineCount, PruneAnswer, VisitorPage } from "@presence/api-contract";

/** What is asked of {@link PresenceSource.count}. */
export interface CountQuestion {
  readonly channel: string;
  /** The window of the source itself where it is left out. */
  readonly windowSeconds?: number | undefined;
  readonly withBots: boolean;
}

/** What is asked of {@link PresenceSource.list}. */
export interface ListQuestion {
  readonly channel: string;
  readonly limit: number;
  readonly order: "recent" | "oldest";
  readonly cursor?: string | undefined;
}

/** What is asked of {@link PresenceSource.prune}. */
export interface PruneQuestion {
  readonly channel: string;
  /** The window where it is left out. */
  readonly olderThanSeconds?: number | undefined;
  readonly batch?: number | undefined;
  readonly dryRun: boolean;
  readonly onProgress: (progress: PruneStep) => void;
}

/** How far a prune has come. */
export interface PruneStep {
  readonly removed: number;
  readonly remaining: number;
  /** How long the last batch took; `null` where the source does not tell batches apart. */
  readonly batchMs: number | null;
}

/**
 * Who answers: a store, or an API. Both answer in the words of the API, so that a command need not know which.
 * Every method rejects with a `PresenceError` or a `PresenceClientError`.
 */
export interface PresenceSource {
  /** As a sentence names it, without a password: `redis 10.0.0.5`, `http://localhost:3000`. */
  readonly name: string;
  count(question: CountQuestion): Promise<OnlineCount>;
  list(question: ListQuestion): Promise<VisitorPage>;
  /** Everybody, oldest sighting first, a page at a time. */
  pages(channel: string): AsyncIterable<VisitorPage>;
  /** The longest window that anybody counts `channel` over, in seconds: below it, a prune removes who is online. */
  windowSeconds(channel: string): Promise<number>;
  prune(question: PruneQuestion): Promise<PruneAnswer>;
  forget(visitors: readonly string[], channel: string): Promise<ForgetAnswer>;
  close(): Promise<void>;
}
