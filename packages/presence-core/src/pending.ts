/** Sightings that wait, the latest of each visitor and channel. */
export interface Pending {
  /** Keeps the later time; answers whether the visitor is new here. `replaces` is to be taken out of the channel. */
  add(channel: string, visitor: string, atMs: number, replaces?: string): boolean;
  has(channel: string, visitor: string): boolean;
  /** Visitors over all channels. */
  size(): number;
  channels(): ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** Former texts of visitors, by channel, to be taken out with the write. */
  replaced(): ReadonlyMap<string, ReadonlySet<string>>;
  /** Lets go of a visitor; answers their time, `undefined` where they are not here. */
  remove(channel: string, visitor: string): number | undefined;
  /** Takes out at least one and at most `limit` visitors, or all of them where there are no more. */
  take(limit: number): Pending;
  /** Takes out one channel; `null` where nothing of it waits. */
  takeChannel(channel: string): Pending | null;
}

type Channels = Map<string, Map<string, number>>;
type Replaced = Map<string, Set<string>>;

export function createPending(
  initial: Channels = new Map(),
  initiallyReplaced: Replaced = new Map(),
): Pending {
  let channels = initial;
  let replaced = initiallyReplaced;
  let size = 0;
  for (const ofChannel of initial.values()) size += ofChannel.size;

  function split(limit: number): Channels {
    const taken: Channels = new Map();
    let room = limit;
    for (const [channel, sightings] of channels) {
      if (room === 0) break;
      const part = new Map<string, number>();
      for (const [visitor, atMs] of sightings) {
        if (room === 0) break;
        part.set(visitor, atMs);
        sightings.delete(visitor);
        room -= 1;
      }
      taken.set(channel, part);
      if (sightings.size === 0) channels.delete(channel);
    }
    size -= limit - room;
    return taken;
  }

  return {
    add(channel, visitor, atMs, replaces) {
      if (replaces !== undefined) {
        const formers = replaced.get(channel);
        if (formers === undefined) replaced.set(channel, new Set([replaces]));
        else formers.add(replaces);
      }
      let sightings = channels.get(channel);
      if (sightings === undefined) {
        sightings = new Map();
        channels.set(channel, sightings);
      }
      const known = sightings.get(visitor);
      if (known === undefined) {
        sightings.set(visitor, atMs);
        size += 1;
        return true;
      }
      if (known < atMs) sightings.set(visitor, atMs);
      return false;
    },
    has: (channel, visitor) => channels.get(channel)?.has(visitor) ?? false,
    remove(channel, visitor) {
      const sightings = channels.get(channel);
      const atMs = sightings?.get(visitor);
      if (sightings === undefined || atMs === undefined) return undefined;
      sightings.delete(visitor);
      size -= 1;
      if (sightings.size === 0) channels.delete(channel);
      return atMs;
    },
    size: () => size,
    channels: () => channels,
    replaced: () => replaced,

    take(limit) {
      // Former texts go with the last part, when the new ones are all on their way.
      if (size > limit) return createPending(split(limit));
      const taken = createPending(channels, replaced);
      channels = new Map();
      replaced = new Map();
      size = 0;
      return taken;
    },

    takeChannel(channel) {
      const sightings = channels.get(channel);
      if (sightings === undefined) return null;
      const formers = replaced.get(channel);
      channels.delete(channel);
      replaced.delete(channel);
      size -= sightings.size;
      return createPending(
        new Map([[channel, sightings]]),
        formers === undefined ? new Map() : new Map([[channel, formers]]),
      );
    },
  };
}
