import type { OnlineCount } from "@presence/api-contract";

/** What a feed tells. */
export type FeedUpdate =
  /** A count, by a stream or by asking again and again. */
  | { readonly kind: "count"; readonly count: OnlineCount; readonly how: "live" | "polled" }
  /** Nobody answers just now; a stream that broke may have been silent for `silentMs` before. */
  | { readonly kind: "lost"; readonly reason: string; readonly silentMs: number }
  /** Who answers knows no count any more. */
  | { readonly kind: "unavailable"; readonly reason: string };

/** Counts of one channel, as they come. */
export interface CountFeed {
  /** As a sentence names who is asked. */
  readonly name: string;
  /**
   * Ends, without an error, when `signal` aborts. Rejects where waiting cannot help, such as with a wrong token,
   * and where nobody answers the first question.
   */
  updates(signal: AbortSignal): AsyncIterable<FeedUpdate>;
  close(): Promise<void>;
}

/** What is watched. */
export interface FeedOptions {
  readonly channel: string;
  /** How often to ask where there is no stream, in milliseconds. */
  readonly everyMs: number;
}
