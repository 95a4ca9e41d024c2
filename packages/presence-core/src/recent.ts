import { createPending, type Pending } from "./pending.ts";

/** What was written within the last window, to be sent again to a store that lost it. */
export interface Recent {
  /** Takes note of a batch that the store has. */
  keep(batch: Pick<Pending, "channels" | "replaced">, nowMs: number): void;
  /** Lets go of visitors who are not to be sent again. */
  remove(channel: string, visitors: Iterable<string>): void;
  /** Takes out all that is kept. */
  takeAll(): Pending;
}

/** Two generations of one window each, so that nothing younger than a window is missing, at most `max` visitors each. */
export function createRecent(windowMs: number, max: number): Recent {
  let older = createPending();
  let younger = createPending();
  let turnedMs = -Infinity;

  function remove(channel: string, visitors: Iterable<string>): void {
    for (const visitor of visitors) {
      older.remove(channel, visitor);
      younger.remove(channel, visitor);
    }
  }

  return {
    remove,
    keep(batch, nowMs) {
      if (max === 0) return;
      if (nowMs - turnedMs >= windowMs) {
        older = nowMs - turnedMs < 2 * windowMs ? younger : createPending();
        younger = createPending();
        turnedMs = nowMs;
      }
      for (const [channel, sightings] of batch.channels()) {
        for (const [visitor, atMs] of sightings) {
          if (younger.size() >= max && !younger.has(channel, visitor)) continue;
          younger.add(channel, visitor, atMs);
        }
      }
      // Sent again, a former text would count its visitor twice.
      for (const [channel, formers] of batch.replaced()) remove(channel, formers);
    },
    takeAll() {
      const all = createPending();
      for (const generation of [older, younger]) {
        for (const [channel, sightings] of generation.channels()) {
          for (const [visitor, atMs] of sightings) all.add(channel, visitor, atMs);
        }
      }
      older = createPending();
      younger = createPending();
      return all;
    },
  };
}
