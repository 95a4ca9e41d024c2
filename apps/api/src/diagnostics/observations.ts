import type { PresenceEvent, RegisteredWriter } from "@presence/core";
import { createTally, MINUTES, type Tally } from "./tally.ts";

/** What this process sees as it goes, before anybody makes findings of it. */
export interface Observations {
  /** Who sends requests. */
  readonly requests: Tally;
  /** Whom `/v1/sightings` is told of. */
  readonly sightings: Tally;
  /** Takes note of what happened beside the calls. */
  hear(event: PresenceEvent): void;
  /** Begins the next minute; `dropped` is how many visitors were lost since start. */
  turn(dropped: number): void;
  /** How many of `dropped`, lost since start, were lost in the last ten minutes. */
  droppedOf(dropped: number): number;
  /** All writers of the store as last heard of. */
  writers(): readonly RegisteredWriter[];
  /** When the store was last found to have lost its data; `null`: never. */
  dataLostMs(): number | null;
}

/** @param nowMs The store's clock. */
export function createObservations(nowMs: () => number): Observations {
  const [requests, sightings] = [createTally(nowMs()), createTally(nowMs())];
  let droppedBefore: readonly number[] = [0];
  let writers: readonly RegisteredWriter[] = [];
  let dataLostMs: number | null = null;

  return {
    requests,
    sightings,
    hear(event) {
      if (event.kind === "registered") writers = event.writers;
      if (event.kind === "epoch-changed") dataLostMs = nowMs();
    },
    turn(dropped) {
      requests.turn(nowMs());
      sightings.turn(nowMs());
      droppedBefore = [...droppedBefore, dropped].slice(-MINUTES);
    },
    droppedOf: (dropped) => dropped - (droppedBefore[0] ?? 0),
    writers: () => writers,
    dataLostMs: () => dataLostMs,
  };
}
