import type { PresenceSettings } from "./presence-options.ts";
import type { SightingSink } from "./recorder.ts";

/** Writes a recorder's sightings to a store, and counts their visitors under the day where that is asked for. */
export function createStoreSink({ store, keyTtlSeconds, uniquesDay }: PresenceSettings): SightingSink {
  return {
    nowMs: () => store.nowMs(),
    isReady: () => store.isReady(),
    // Async, so that a day that cannot be told fails the write, never the caller who recorded.
    async record(sightings, replaced) {
      const nowMs = store.nowMs();
      const uniques = new Map<string, string>();
      for (const channel of sightings.keys()) {
        const day = uniquesDay(channel, nowMs);
        if (day !== null) uniques.set(channel, day);
      }
      return store.record(sightings, { nowMs, ttlSeconds: keyTtlSeconds, replaced, uniques });
    },
  };
}
