import { isStoreFailure, type Presence, type PresenceError, type PruneResult } from "@presence/core";
import { type ChannelFailure, errorOf } from "./channel-failure.ts";

/** Options of {@link pruneAll}. */
export interface PruneAllOptions {
  readonly presence: Pick<Presence, "prune" | "store">;
  /** Channels pruned though nobody of ours may have written to them, such as `site`. Live ones are found. */
  readonly channels: readonly string[];
  /** Most live channels that are looked at, the latest written first. @default 10000 */
  readonly maxChannels?: number;
  /** Ends after about this long, in milliseconds, with `remaining` or `skipped` > 0. @default 30000 */
  readonly maxMs?: number;
  /** How many channels at a time. @default 8 */
  readonly concurrency?: number;
  /** Ends within about half a second once aborted. */
  readonly signal?: AbortSignal;
}

/** What became of one channel. */
export interface ChannelPruneResult extends PruneResult {
  readonly channel: string;
}

/** What became of all of them. */
export interface PruneAllResult extends PruneResult {
  /** Each channel that was looked at to the end. */
  readonly channels: readonly ChannelPruneResult[];
  readonly failures: readonly ChannelFailure[];
  /** Channels that were not begun, because of time or an abort. The next run takes them. */
  readonly skipped: number;
}

const DEFAULT_MAX_CHANNELS = 10_000;
const DEFAULT_MAX_MS = 30_000;
const DEFAULT_CONCURRENCY = 8;

/** Longest time between two looks at the signal, in milliseconds. */
const SLICE_MS = 500;

/**
 * Removes the expired and invalid visitors of every channel, in bounded batches. Any number of processes may do
 * so at once: each visitor is removed, and counted, by one of them.
 *
 * @throws {PresenceError} `PRESENCE_STORE_UNAVAILABLE` when the store cannot be asked. What was removed before
 * stays removed.
 */
export async function pruneAll(options: PruneAllOptions): Promise<PruneAllResult> {
  const { presence, signal, maxMs = DEFAULT_MAX_MS, concurrency = DEFAULT_CONCURRENCY } = options;
  const startedMs = performance.now();
  const leftMs = (): number => maxMs - (performance.now() - startedMs);
  const mayBegin = (): boolean => away.because === null && signal?.aborted !== true && leftMs() > 0;
  const waiting = (await channelsToPrune(options)).values();
  const channels: ChannelPruneResult[] = [];
  const failures: ChannelFailure[] = [];
  const away: { because: PresenceError | null } = { because: null };

  /** A channel of millions takes seconds: an abort is heard between slices. */
  async function pruneInSlices(channel: string): Promise<PruneResult> {
    let [removed, invalid, elapsedMs] = [0, 0, 0];
    for (;;) {
      const slice = await presence.prune({ channel, maxMs: Math.max(1, Math.min(SLICE_MS, leftMs())) });
      removed += slice.removed;
      invalid += slice.invalid;
      elapsedMs += slice.elapsedMs;
      if (slice.remaining === 0 || !mayBegin()) {
        return { removed, invalid, remaining: slice.remaining, elapsedMs };
      }
    }
  }

  async function work(): Promise<void> {
    while (mayBegin()) {
      const next = waiting.next();
      if (next.done === true) return;
      const channel = next.value;
      try {
        channels.push({ channel, ...(await pruneInSlices(channel)) });
      } catch (error) {
        if (isUnavailable(error)) away.because = error;
        else failures.push({ channel, error: errorOf(error) });
      }
    }
  }

  await Promise.all(Array.from({ length: concurrency }, work));
  if (away.because !== null) throw away.because;
  return {
    removed: sumOf(channels, "removed"),
    invalid: sumOf(channels, "invalid"),
    remaining: sumOf(channels, "remaining"),
    elapsedMs: Math.round(performance.now() - startedMs),
    channels,
    failures,
    skipped: [...waiting].length,
  };
}

/** A refusal (of one key, say) is a matter of its channel; a store that is away is away for all. */
function isUnavailable(error: unknown): error is PresenceError {
  return isStoreFailure(error) && error.code === "PRESENCE_STORE_UNAVAILABLE";
}

async function channelsToPrune(options: PruneAllOptions): Promise<ReadonlySet<string>> {
  const { presence, channels, maxChannels = DEFAULT_MAX_CHANNELS } = options;
  // Every channel the store still knows: how long ago it was written to says nothing of what waits in it.
  const live = await presence.store.channels(0, maxChannels);
  return new Set([...channels, ...live.map(({ channel }) => channel)]);
}

function sumOf(results: readonly PruneResult[], field: "removed" | "invalid" | "remaining"): number {
  return results.reduce((sum, result) => sum + result[field], 0);
}
