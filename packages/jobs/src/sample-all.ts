import type { OnlineCount, Presence } from "@presence/core";
import { type HistoryStore, sampleFrom } from "@presence/history";
import { type ChannelFailure, errorOf } from "./channel-failure.ts";

/** Options of {@link sampleAll}. */
export interface SampleAllOptions {
  readonly presence: Pick<Presence, "count">;
  readonly history: Pick<HistoryStore, "addSample">;
  /** Whose counts become history. */
  readonly channels: readonly string[];
  /** Begins no further channel once aborted. */
  readonly signal?: AbortSignal;
}

/** What became of the counts. */
export interface SampleAllResult {
  /** Kept. */
  readonly sampled: number;
  /** Not kept: the store was away, these were the last known ones. */
  readonly stale: number;
  /** Not kept: recording had not run for a whole window, these may be too low. */
  readonly incomplete: number;
  /** Channels that could not be counted. */
  readonly failures: readonly ChannelFailure[];
}

/**
 * Keeps how many are online in each channel now. A count that is stale or incomplete leaves a gap: as history it
 * would be a false minimum for ever.
 *
 * @throws {HistoryError} when the history cannot take a sample.
 */
export async function sampleAll(options: SampleAllOptions): Promise<SampleAllResult> {
  const { presence, history, channels, signal } = options;
  const failures: ChannelFailure[] = [];
  let [sampled, stale, incomplete] = [0, 0, 0];
  for (const { channel, count } of await countAll(presence, channels)) {
    if (signal?.aborted === true) break;
    if (count instanceof Error) failures.push({ channel, error: count });
    else {
      const sample = sampleFrom(count);
      if (sample !== null) {
        await history.addSample(sample);
        sampled += 1;
      } else if (count.stale) stale += 1;
      else incomplete += 1;
    }
  }
  return { sampled, stale, incomplete, failures };
}

/** All at once, so that they tell of the same instant. */
function countAll(
  presence: Pick<Presence, "count">,
  channels: readonly string[],
): Promise<readonly { readonly channel: string; readonly count: OnlineCount | Error }[]> {
  return Promise.all(
    channels.map(async (channel) => {
      try {
        return { channel, count: await presence.count({ channel }) };
      } catch (error) {
        return { channel, count: errorOf(error) };
      }
    }),
  );
}
