import { createPending, type Pending } from "./pending.ts";

/** What one write carries: a visitor once, in one of its two parts. */
export interface Batch extends Pick<Pending, "channels" | "replaced" | "size"> {
  /** Seen, and not known to the store yet. */
  readonly fresh: Pending;
  /** Written before, to a store that has lost it; `null` where the write has room for nobody of them. */
  readonly again: Pending | null;
}

/**
 * Who waits to be written: visitors that were seen, in a room of bounded size, and beside it those to be sent again
 * to a store that lost them. A visitor who is both takes one place, among those that were seen.
 *
 * Beyond `max` it holds at most one entry for each visitor still in the window that this process recorded.
 */
export interface Waiting {
  /** Takes a sighting; answers whether its visitor waits already, or has no room. */
  add(channel: string, visitor: string, atMs: number, replaces?: string): "new" | "known" | "full";
  /** Has what was written before wait to be sent again, but for what expired; answers how many more wait for it. */
  addAgain(written: Pending, expiredMs: number): number;
  /** Takes out at most `limit` visitors; those to be sent again fill what the others leave of it. */
  take(limit: number): Batch;
  /**
   * Takes out all of a channel that was seen, and of those to be sent again only `visitors`: no read has to wait for
   * the others. `null` where nothing of it waits.
   */
  takeChannel(channel: string, visitors: Iterable<string>): Batch | null;
  /** The store has this batch. */
  settle(batch: Batch): void;
  /** The store has others in place of these former texts, which are not to be sent again. */
  dropReplaced(replaced: ReadonlyMap<string, ReadonlySet<string>>): void;
  /**
   * Has a batch wait again; answers how many of it expired before the store had them. Harmless where the store did
   * take them: an equal time changes nothing, and a newer one stays.
   */
  putBack(batch: Batch, expiredMs: number): number;
  /** Whether sightings of the channel wait. */
  hasSeen(channel: string): boolean;
  /** Whether visitors of the channel wait to be sent again. */
  hasAgain(channel: string): boolean;
  /** Lets go of a visitor who was seen. */
  remove(channel: string, visitor: string): void;
  /** Lets go of a visitor to be sent again. */
  removeAgain(channel: string, visitor: string): void;
  /** Visitors that were seen. */
  seen(): number;
  /** All that wait here. */
  size(): number;
  /** All that wait here, and those on their way. */
  total(): number;
}

/** @param max Most visitors that were seen and wait, those on their way included. */
export function createWaiting(max: number): Waiting {
  const fresh = createPending();
  const again = createPending();
  let underWay = 0;
  let freshUnderWay = 0;

  function keep(channel: string, visitor: string, atMs: number, replaces: string | undefined): boolean {
    const writtenMs = again.remove(channel, visitor);
    // Sent again behind the new text, the former one would count its visitor twice.
    if (replaces !== undefined) again.remove(channel, replaces);
    if (writtenMs === undefined) return fresh.add(channel, visitor, atMs, replaces);
    fresh.add(channel, visitor, Math.max(atMs, writtenMs), replaces);
    return false;
  }

  function expireAgain(expiredMs: number): void {
    for (const [channel, sightings] of again.channels())
      for (const [visitor, atMs] of sightings) if (atMs <= expiredMs) again.remove(channel, visitor);
  }

  function keepAgain(written: Pending, expiredMs: number): void {
    for (const [channel, sightings] of written.channels()) {
      const formers = fresh.replaced().get(channel);
      for (const [visitor, atMs] of sightings) {
        if (atMs <= expiredMs || formers?.has(visitor) === true) continue;
        (fresh.has(channel, visitor) ? fresh : again).add(channel, visitor, atMs);
      }
    }
  }

  function onItsWay(seen: Pending, written: Pending | null): Batch {
    const size = seen.size() + (written?.size() ?? 0);
    underWay += size;
    freshUnderWay += seen.size();
    const channels = written === null ? seen.channels() : together(written, seen);
    return {
      fresh: seen,
      again: written,
      size: () => size,
      channels: () => channels,
      replaced: seen.replaced,
    };
  }

  function dropReplaced(replaced: ReadonlyMap<string, ReadonlySet<string>>): void {
    for (const [channel, formers] of replaced) for (const former of formers) again.remove(channel, former);
  }

  function arrived(batch: Batch): void {
    underWay -= batch.size();
    freshUnderWay -= batch.fresh.size();
  }

  return {
    add(channel, visitor, atMs, replaces) {
      const isFull = fresh.size() + freshUnderWay >= max;
      if (isFull && !fresh.has(channel, visitor) && !again.has(channel, visitor)) return "full";
      return keep(channel, visitor, atMs, replaces) ? "new" : "known";
    },

    addAgain(written, expiredMs) {
      expireAgain(expiredMs);
      const before = again.size();
      keepAgain(written, expiredMs);
      return again.size() - before;
    },

    take(limit) {
      const seen = fresh.take(limit);
      const room = limit - seen.size();
      return onItsWay(seen, room > 0 && again.size() > 0 ? again.take(room) : null);
    },

    takeChannel(channel, visitors) {
      for (const visitor of visitors) {
        const atMs = again.remove(channel, visitor);
        if (atMs !== undefined) fresh.add(channel, visitor, atMs);
      }
      const seen = fresh.takeChannel(channel);
      return seen === null ? null : onItsWay(seen, null);
    },

    settle(batch) {
      arrived(batch);
      dropReplaced(batch.replaced());
    },
    dropReplaced,

    putBack(batch, expiredMs) {
      arrived(batch);
      const formers = new Map([...batch.replaced()].map(([channel, texts]) => [channel, [...texts]]));
      let expired = 0;
      // Each of them has had a place until now, so that nobody has to be let in anew.
      for (const [channel, sightings] of batch.fresh.channels()) {
        for (const [visitor, atMs] of sightings) {
          if (atMs <= expiredMs) expired += 1;
          else keep(channel, visitor, atMs, formers.get(channel)?.pop());
        }
      }
      if (batch.again !== null) keepAgain(batch.again, expiredMs);
      expireAgain(expiredMs);
      return expired;
    },

    hasSeen: (channel) => fresh.channels().has(channel),
    hasAgain: (channel) => again.channels().has(channel),
    remove: (channel, visitor) => void fresh.remove(channel, visitor),
    removeAgain: (channel, visitor) => void again.remove(channel, visitor),
    seen: () => fresh.size(),
    size: () => fresh.size() + again.size(),
    total: () => fresh.size() + again.size() + underWay,
  };
}

/** The sightings of both. */
function together(a: Pending, b: Pending): ReadonlyMap<string, ReadonlyMap<string, number>> {
  const channels = new Map(a.channels());
  for (const [channel, sightings] of b.channels()) {
    const others = channels.get(channel);
    channels.set(channel, others === undefined ? sightings : new Map([...others, ...sightings]));
  }
  return channels;
}
