import type { ChannelPolicy, ChannelRefusal } from "./channel-policy.ts";
import type { PresenceStore } from "./store.ts";
import type {
  ChannelSightings,
  ListOrder,
  ListPosition,
  OnlineCount,
  PruneResult,
  RegisteredWriter,
  VisitorPage,
  WriterProfile,
} from "./types.ts";

/** Options of {@link createPresence}. */
export interface PresenceOptions {
  /** Where sightings live. The caller opens it and closes it. */
  readonly store: PresenceStore;
  /** How long a sighting keeps a visitor online, in whole seconds, 1 to 86,400. @default 60 */
  readonly windowSeconds?: number;
  /** Longest wait before pending sightings are sent, in milliseconds, 1 to 10,000. @default 100 */
  readonly flushMs?: number;
  /**
   * Most visitors that wait in memory; what comes beyond is dropped and counted. What is sent again to a store that
   * lost its data waits beside them: at most one entry more for each visitor still in the window that this process
   * recorded. @default 100000
   */
  readonly bufferVisitors?: number;
  /**
   * Most visitors of a window that are kept, to be sent again to a store that lost its data; up to as many of the
   * window before it are kept too. A program that records once and ends needs none. @default bufferVisitors
   */
  readonly resendVisitors?: number;
  /** Life of a key that nobody writes to, in seconds, at least window + 10. @default 2 windows + 60 */
  readonly keyTtlSeconds?: number;
  /** Share one count per channel and window for this long, in milliseconds. @default 0 */
  readonly shareReadsMs?: number;
  /** Most milliseconds a count or list waits for the store. @default 250 */
  readonly readTimeoutMs?: number;
  /** Most writes on their way to the store at a time, 1 to 16. @default 2 */
  readonly maxFlushes?: number;
  /** How this process makes a visitor's text; registered so that disagreeing writers are found. @default ip, /64 */
  readonly profile?: Pick<WriterProfile, "identity" | "ipv6Prefix">;
  /** Which channels may be recorded to. @default any valid name, `bots:` apart */
  readonly channels?: ChannelPolicy;
  /**
   * The day (`YYYY-MM-DD`) a channel's distinct visitors are counted under at `nowMs`, or `null` for a channel
   * that is not counted so. @default none is
   */
  readonly uniquesDay?: (channel: string, nowMs: number) => string | null;
  /** Told of what nobody awaits: a failed flush, a recovered store, a jump of the clock. */
  readonly onEvent?: (event: PresenceEvent) => void;
}

/** What happened beside the calls. */
export type PresenceEvent =
  | { readonly kind: "store-lost"; readonly error: Error }
  | { readonly kind: "store-back" }
  | { readonly kind: "registration-failed"; readonly error: Error }
  /** This process registered, each five seconds; with all writers of the store. */
  | { readonly kind: "registered"; readonly writers: readonly RegisteredWriter[] }
  /** The store lost its data; what it had of the last window is sent again. */
  | { readonly kind: "epoch-changed"; readonly epoch: string; readonly sentAgain: number }
  /** Sightings that had been taken waited for the store for longer than the window. */
  | { readonly kind: "sightings-lost"; readonly reason: "expired"; readonly visitors: number }
  | { readonly kind: "flushed"; readonly visitors: number; readonly elapsedMs: number };

/** Why a sighting was not taken. */
export type RefusalReason = ChannelRefusal | "visitor" | "time" | "future" | "expired" | "full" | "closed";

/** Counters since start, for metrics and diagnostics. */
export interface PresenceStats {
  /** Sightings taken. */
  readonly recorded: number;
  /** Of those, merged with one that still waited. */
  readonly coalesced: number;
  /** Visitors written to the store. */
  readonly flushed: number;
  /** Sightings not taken, or lost before the store had them, by reason. */
  readonly refused: Readonly<Record<RefusalReason, number>>;
  readonly failedFlushes: number;
  /** Visitors waiting now. */
  readonly pending: number;
}

/** Who is online right now, over one store. */
export interface Presence {
  readonly windowSeconds: number;
  readonly store: PresenceStore;
  /** How this process is registered as a writer. */
  readonly writer: WriterProfile & { readonly id: string };

  /**
   * Begins to register this process as a writer, each five seconds, so that the store knows that recording
   * goes on while nobody visits. The first `record` does the same. A process that only reads never calls it.
   */
  start(): void;

  /**
   * Takes a sighting. Returns at once and never throws for the store: the answer is `null` when it was
   * taken, else why not. It reaches the store within `flushMs`.
   */
  record(visitor: string, options?: RecordOptions): RefusalReason | null;

  /**
   * Writes sightings that were collected elsewhere, past what waits. Resolves once the store has them, and rejects
   * with its error where it may lack some: nothing is kept of them then, and to give all of them again is harmless.
   * Visitors, channels and times must be valid; none is looked at.
   *
   * @param sightings By channel, the latest instant of each visitor in whole epoch milliseconds.
   * @param replaced By channel, former texts of visitors, taken out in the same step.
   */
  write(
    sightings: ReadonlyMap<string, ChannelSightings>,
    replaced?: ReadonlyMap<string, ReadonlySet<string>>,
  ): Promise<void>;

  /**
   * How many are online. Own pending sightings are sent ahead on the same connection.
   * With the store unreachable: the last known value as `stale` while it is younger than the window.
   *
   * @throws {PresenceError} `PRESENCE_INVALID_CHANNEL`, `PRESENCE_INVALID_WINDOW`;
   * `PRESENCE_STORE_UNAVAILABLE` or `PRESENCE_STORE_REFUSED` where no value is known.
   */
  count(options?: CountOptions): Promise<OnlineCount>;

  /** One page of who is online. @throws {PresenceError} as {@link Presence.count}, never a stale page. */
  list(options?: ListOptions): Promise<VisitorPage>;

  /** Removes expired and invalid visitors in bounded batches, yielding between them. */
  prune(options?: PruneOptions): Promise<PruneResult>;

  /** Removes single visitors; a later sighting brings them back. Answers how many were there. */
  forget(visitors: readonly string[], options?: { readonly channel?: string }): Promise<number>;

  /**
   * Whether the store could be asked and took what this process wrote last, as far as is known. One that answers
   * reads and refuses writes (out of memory, no permission) is not well.
   */
  isHealthy(): boolean;

  /** Sends all that waits and resolves when the store has it. Rejects when the store cannot be reached. */
  flush(): Promise<void>;

  stats(): PresenceStats;

  /** Sends what waits (2 s at most), takes the registration back, ends the timers. Idempotent. */
  close(): Promise<void>;
}

/** Options of {@link Presence.record}. */
export interface RecordOptions {
  /** @default "site" */
  readonly channel?: string;
  /** When the visitor was seen, in epoch milliseconds. @default the store's clock now */
  readonly atMs?: number;
  /** The visitor is a bot: it is counted in the reserved channel `bots:<channel>`. @default false */
  readonly isBot?: boolean;
  /** The visitor's former text, taken out in the same step as the new one is written. */
  readonly replaces?: string | undefined;
}

/** Options of {@link Presence.count}. */
export interface CountOptions {
  /** @default "site" */
  readonly channel?: string;
  /** 1 to the configured window. @default the configured window */
  readonly windowSeconds?: number;
  /** Count the bots of the channel too. @default false */
  readonly withBots?: boolean;
}

/** Options of {@link Presence.list}. */
export interface ListOptions extends Omit<CountOptions, "withBots"> {
  /** 1 to 1,000. @default 50 */
  readonly limit?: number;
  /** @default "recent" */
  readonly order?: ListOrder;
  readonly after?: ListPosition | null;
}

/** Options of {@link Presence.prune}. */
export interface PruneOptions {
  /** @default "site" */
  readonly channel?: string;
  /** Remove who was not seen for this long, in seconds. @default the window */
  readonly olderThanSeconds?: number;
  /** Most visitors one script call removes, 1 to 1,000. @default 1000 */
  readonly batch?: number;
  /** Stop after about this long with `remaining` > 0. @default no limit */
  readonly maxMs?: number;
  /** Remove nothing, answer what would go. @default false */
  readonly dryRun?: boolean;
  /** Called after each batch. */
  readonly onProgress?: (progress: PruneProgress) => void;
}

/** How far a prune has come. */
export interface PruneProgress {
  readonly removed: number;
  readonly invalid: number;
  readonly remaining: number;
  /** How long this batch took, in milliseconds. */
  readonly batchMs: number;
}
