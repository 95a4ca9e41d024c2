import type { Channels, Jobs, Uniques } from "@presence/api-contract";

/** What is asked of {@link OperationsSource.channels}. */
export interface ChannelsQuestion {
  /** This channel alone, whether it is live or not. */
  readonly only?: string | undefined;
  readonly prefix?: string | undefined;
  readonly limit: number;
}

/** What is asked of {@link OperationsSource.uniques}. */
export interface UniquesQuestion {
  readonly channel: string;
  readonly days: number;
}

/**
 * What an operator asks beside the count: of a store, or of an API. Both answer in the words of the API. Every
 * method rejects with a `PresenceError` or a `PresenceClientError`.
 */
export interface OperationsSource {
  /** As a sentence names it, without a password: `redis 10.0.0.5`, `http://localhost:3000`. */
  readonly name: string;
  /** Live channels, the fullest first. */
  channels(question: ChannelsQuestion): Promise<Channels>;
  /** Distinct visitors of each day. */
  uniques(question: UniquesQuestion): Promise<Uniques>;
  /** The last and the next run of each job. */
  jobs(): Promise<Jobs>;
  close(): Promise<void>;
}
