import { setImmediate as nextTurn } from "node:timers/promises";
import type { PruneOptions } from "./presence-types.ts";
import type { PresenceStore } from "./store.ts";
import type { PruneResult } from "./types.ts";
import { assertLimit, assertWhole, MAX_BATCH } from "./validate.ts";
import { onlineBounds } from "./window.ts";

/** The longest age a prune takes, in seconds: a hundred years. */
const OLDER_THAN_MAX = 3_153_600_000;

/**
 * Removes expired and invalid visitors of `channel`, at most a batch at a time, with a turn of the event loop
 * between batches. What expires meanwhile is left to the next prune. The channel is valid.
 */
export async function pruneChannel(
  store: PresenceStore,
  channel: string,
  windowSeconds: number,
  options: PruneOptions,
): Promise<PruneResult> {
  const { olderThanSeconds = windowSeconds, batch = MAX_BATCH, maxMs = Infinity, dryRun = false } = options;
  assertLimit(batch, "batch");
  assertWhole("PRESENCE_INVALID_WINDOW", "olderThanSeconds", olderThanSeconds, 1, OLDER_THAN_MAX, "seconds");

  const bounds = onlineBounds(store.nowMs(), olderThanSeconds);
  const startedMs = performance.now();
  let removed = 0;
  let invalid = 0;
  for (;;) {
    const batchStartedMs = performance.now();
    const result = await store.pruneBatch(channel, bounds, { limit: batch, dryRun });
    removed += result.removed;
    invalid += result.invalid;
    const { remaining } = result;
    const elapsedMs = Math.round(performance.now() - startedMs);
    options.onProgress?.({ removed, invalid, remaining, batchMs: performance.now() - batchStartedMs });
    if (dryRun || remaining === 0 || elapsedMs >= maxMs) return { removed, invalid, remaining, elapsedMs };
    await nextTurn();
  }
}
