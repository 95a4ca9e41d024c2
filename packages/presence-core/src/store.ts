import type { JobBoard } from "./jobs.ts";
import type {
  ChannelSightings,
  ListedVisitor,
  ListOrder,
  ListPosition,
  LiveChannel,
  OnlineBounds,
  StoreState,
  WriterProfile,
} from "./types.ts";

/** A count, and what the store knew of its past when it was made, in one round trip. */
export interface CountReading {
  readonly count: number;
  /** Recording has run without a known gap since then; `null` where no writer is alive. */
  readonly sinceMs: number | null;
}

/** What one call of `pruneBatch` did. */
export interface PruneBatchResult {
  /** Removed by this call, invalid ones included. */
  readonly removed: number;
  /** Of those, with a time in the future. */
  readonly invalid: number;
  /** Expired and invalid visitors left in the channel. */
  readonly remaining: number;
}

/** How the store's clock was last found. */
export interface ClockReading {
  /** The store's clock minus this machine's wall clock, in milliseconds. */
  readonly offsetMs: number;
  /** False from a jump of over one second until it has been slewed away: counts are incomplete meanwhile. */
  readonly settled: boolean;
  /** Round trip of the quickest probe, in milliseconds; 0 where the store is this process. */
  readonly roundTripMs: number;
}

/**
 * Where sightings live: one scored set per channel. Time is always an argument, in epoch milliseconds of the
 * store's own clock ({@link PresenceStore.nowMs}); a store reads no other clock.
 *
 * Every method but `nowMs`, `clock` and `isReady` rejects with a `PresenceError`: `PRESENCE_STORE_UNAVAILABLE`
 * when the store (or one of its shards) cannot be asked, `PRESENCE_STORE_REFUSED` when it answered with an
 * error (no permission, out of memory, wrong type), `PRESENCE_CLOSED` after `close`.
 */
export interface PresenceStore {
  readonly name: "memory" | "redis";

  /** Over how many sets a channel's visitors are spread, 1 to 64. */
  readonly shards: number;

  /** The store's clock, never going back within a process. Synchronous: carried by the monotonic clock. */
  nowMs(): number;

  /** How that clock was last found. */
  clock(): ClockReading;

  /** Whether the last word from the store was a good one. A `false` costs callers nothing to find out. */
  isReady(): boolean;

  /**
   * Keeps each visitor's latest sighting per channel; an older one never replaces a newer one. A channel the
   * write creates will leave by itself after `ttlSeconds` without writes; one that somebody else made
   * without a time to live keeps none.
   */
  record(
    sightings: ReadonlyMap<string, ChannelSightings>,
    options: RecordWriteOptions,
  ): Promise<RecordWriteResult>;

  /** How many visitors of `channel` are within `bounds`, and since when that can be trusted. */
  count(channel: string, bounds: OnlineBounds): Promise<CountReading>;

  /** At most `limit` (1 to 1,001) visitors within `bounds`, after `after` in `order`. */
  list(channel: string, bounds: OnlineBounds, options: ListReadOptions): Promise<readonly ListedVisitor[]>;

  /**
   * Removes at most `limit` (1 to 1,000) visitors outside `bounds`, expired ones first. With `dryRun` it
   * removes nothing and `remaining` is all that would go.
   */
  pruneBatch(channel: string, bounds: OnlineBounds, options: PruneBatchOptions): Promise<PruneBatchResult>;

  /** Removes these visitors from `channel`; answers how many were there. */
  forget(channel: string, visitors: readonly string[]): Promise<number>;

  /** Channels written to after `sinceMs`, latest write first, at most `limit`. */
  channels(sinceMs: number, limit: number): Promise<readonly LiveChannel[]>;

  /**
   * How many distinct visitors `channel` had on each of `days` (`YYYY-MM-DD`), by HyperLogLog with a standard
   * error of 0.81 %; `null` for a day nobody counted, or one of more than 400 days ago.
   */
  uniques(channel: string, days: readonly string[]): Promise<readonly (number | null)[]>;

  /**
   * The secret key of hashed identity for a UTC day (`YYYY-MM-DD`), 32 random bytes: the one that is kept, or a
   * new one that is kept from now on. All processes of one store get the same.
   */
  identityKey(day: string): Promise<Uint8Array>;

  /** Who runs which slot of which job, and what came of it. */
  readonly jobs: JobBoard;

  /** What the store knows of its own past; `null` where no writer is registered. */
  state(): Promise<StoreState | null>;

  /**
   * Says that this process records: registers its profile (with the shards the store really has), keeps the state alive, and returns it. `gap` says
   * that sightings were lost on the way, so that recording counts as begun now. Called at start, every few
   * seconds, and after a reconnect.
   */
  register(writer: WriterProfile & { readonly id: string }, options: RegisterOptions): Promise<StoreState>;

  /** Takes the writer's registration back, at an orderly end. */
  unregister(writerId: string): Promise<void>;

  /** Ends what the store opened itself; idempotent. A connection it was handed stays open. */
  close(): Promise<void>;
}

/** Options of {@link PresenceStore.record}. */
export interface RecordWriteOptions {
  readonly nowMs: number;
  /** Life of a key this write creates or extends, in seconds. */
  readonly ttlSeconds: number;
  /** Former texts of visitors, by channel, taken out in the same step as the new ones are written. */
  readonly replaced?: ReadonlyMap<string, ReadonlySet<string>>;
  /** Channels whose distinct visitors are counted, and under which day (`YYYY-MM-DD`). */
  readonly uniques?: ReadonlyMap<string, string>;
}

/** Answer of {@link PresenceStore.record}. */
export interface RecordWriteResult {
  /** The state's epoch as seen by this write; `null` where the state is gone, so that the caller registers anew. */
  readonly epoch: string | null;
}

/** Options of {@link PresenceStore.list}. */
export interface ListReadOptions {
  readonly order: ListOrder;
  readonly limit: number;
  readonly after: ListPosition | null;
}

/** Options of {@link PresenceStore.pruneBatch}. */
export interface PruneBatchOptions {
  readonly limit: number;
  readonly dryRun?: boolean;
}

/** Options of {@link PresenceStore.register}. */
export interface RegisterOptions {
  readonly nowMs: number;
  readonly ttlSeconds: number;
  /** @default false */
  readonly gap?: boolean;
}
