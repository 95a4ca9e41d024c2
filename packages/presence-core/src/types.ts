/** A visitor was seen. */
export interface Sighting {
  /** Who: 1 to 64 bytes of printable ASCII without spaces. */
  readonly visitor: string;
  /** When, in epoch milliseconds of the store's clock. */
  readonly atMs: number;
}

/** Sightings of one channel, each visitor at most once, its latest time as the value (epoch milliseconds). */
export type ChannelSightings = ReadonlyMap<string, number>;

/** The half-open span of scores that count as online: `afterMs` exclusive, `untilMs` inclusive. */
export interface OnlineBounds {
  readonly afterMs: number;
  readonly untilMs: number;
}

/** How one writer makes a visitor's text and sizes its window. Writers of one set must agree on all of it. */
export interface WriterProfile {
  readonly identity: "ip" | "masked" | "hashed";
  /** Length of the IPv6 prefix that is one visitor, 32 to 128. */
  readonly ipv6Prefix: number;
  readonly windowSeconds: number;
  readonly shards: number;
}

/** A writer as the store last heard of it. */
export interface RegisteredWriter extends WriterProfile {
  /** Chosen by the writer at start, unique per process. */
  readonly id: string;
  /** Its last sign of life, in epoch milliseconds of the store's clock. */
  readonly seenMs: number;
}

/** What the store knows of its own past. */
export interface StoreState {
  /** Changes whenever the store lost data: restart, flush, failover. */
  readonly epoch: string;
  /** Recording has run without a known gap since then, in epoch milliseconds. */
  readonly sinceMs: number;
  readonly writers: readonly RegisteredWriter[];
}

/** How many are online, and exactly what that means. */
export interface OnlineCount {
  readonly channel: string;
  /** Visitors with a sighting in (asOf - window, asOf + 5 s]. */
  readonly count: number;
  readonly windowSeconds: number;
  /** The instant the count is true for, in epoch milliseconds of the store's clock. */
  readonly asOfMs: number;
  /** Recording has run without a gap since then; `null` where no writer has ever registered. */
  readonly sinceMs: number | null;
  /** Recording ran without a gap for the whole window before `asOfMs`: the count is not too low. */
  readonly complete: boolean;
  /** The store could not be asked: this is the last known value, `ageMs` old. */
  readonly stale: boolean;
  /** Milliseconds between `asOfMs` and the answer. */
  readonly ageMs: number;
  /** Bots on the same channel, where they are counted separately. */
  readonly bots?: number;
}

/** One visitor of a list. */
export interface ListedVisitor {
  readonly visitor: string;
  /** In epoch milliseconds; with decimals where another writer's time has them. */
  readonly lastSeenMs: number;
}

/** `recent`: latest sighting first; `oldest`: earliest first, by (score, member). */
export type ListOrder = "recent" | "oldest";

/** Where a list page ended: the next one begins after this visitor at this time. */
export interface ListPosition {
  readonly visitor: string;
  readonly lastSeenMs: number;
}

/** One page of who is online. */
export interface VisitorPage {
  readonly asOfMs: number;
  readonly visitors: readonly ListedVisitor[];
  /** Position to ask the next page after; `null` on the last page. */
  readonly next: ListPosition | null;
}

/** What a prune did. */
export interface PruneResult {
  /** Visitors removed, invalid ones included (in a dry run: that would be removed). */
  readonly removed: number;
  /** How many of those had a time in the future. */
  readonly invalid: number;
  /** Expired and invalid visitors that still wait. */
  readonly remaining: number;
  readonly elapsedMs: number;
}

/** A channel somebody wrote to. */
export interface LiveChannel {
  readonly channel: string;
  readonly lastWriteMs: number;
}
