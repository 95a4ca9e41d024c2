import { withDeadline } from "./deadline.ts";
import type { AskCount } from "./reader.ts";
import type { Recorder } from "./recorder.ts";
import type { PresenceStore } from "./store.ts";
import { onlineBounds } from "./window.ts";

/** What {@link createStoreCount} needs to know. */
export interface StoreCountOptions {
  readonly store: PresenceStore;
  readonly recorder: Recorder;
  readonly readTimeoutMs: number;
}

/** Counts in a store, own sightings that wait included. */
export function createStoreCount({ store, recorder, readTimeoutMs }: StoreCountOptions): AskCount {
  return async (channel, windowSeconds) => {
    const asOfMs = store.nowMs();
    // Same connection, same tick: the write goes out ahead of the read.
    const written = recorder.flushChannel(channel);
    const reading = store.count(channel, onlineBounds(asOfMs, windowSeconds));
    const [isWritten, { count, sinceMs }] = await withDeadline(
      Promise.all([written, reading]),
      readTimeoutMs,
      "counting",
    );
    const isWhole = isWritten && !recorder.hasGap() && store.clock().settled;
    const complete = isWhole && sinceMs !== null && sinceMs <= asOfMs - windowSeconds * 1_000;
    const ageMs = store.nowMs() - asOfMs;
    return { channel, count, windowSeconds, asOfMs, sinceMs, complete, stale: false, ageMs };
  };
}
