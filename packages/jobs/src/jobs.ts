import { DEFAULT_CHANNEL, type Presence } from "@presence/core";
import type { HistoryStore, RetainResult } from "@presence/history";
import { channelsFailed } from "./channel-failure.ts";
import type { Job } from "./job.ts";
import { pruneAll } from "./prune-all.ts";
import { sampleAll } from "./sample-all.ts";

/** Options of {@link createJobs}. */
export interface JobsOptions {
  readonly presence: Pick<Presence, "count" | "prune" | "store">;
  /** Where samples are kept. */
  readonly history: Pick<HistoryStore, "addSample" | "retain">;
  /** Channels whose counts become history. */
  readonly historyChannels: readonly string[];
  /** Most channels there may be. @default 10000 */
  readonly maxChannels?: number;
}

/** How often visitors who left are removed, in seconds. */
export const PRUNE_EVERY_SECONDS = 60;

/** How often counts become history, in seconds. */
export const SAMPLE_EVERY_SECONDS = 10;

/** How often history lets go of what is no longer kept, in seconds: a day. */
export const RETAIN_EVERY_SECONDS = 86_400;

/** The jobs of an installation, the same whoever runs them. */
export function createJobs(options: JobsOptions): readonly Job[] {
  return [pruneJob(options), retainJob(options), sampleJob(options)];
}

/** What a prune run keeps of itself. */
export interface PruneSummary {
  readonly removed: number;
  readonly invalid: number;
  readonly remaining: number;
  readonly channels: number;
  readonly skipped: number;
}

/** What a sample run keeps of itself: how many counts became history, and how many might not. */
export interface SampleSummary {
  readonly sampled: number;
  readonly stale: number;
  readonly incomplete: number;
}

function pruneJob({ presence, maxChannels }: JobsOptions): Job {
  return {
    name: "prune",
    everySeconds: PRUNE_EVERY_SECONDS,
    async run(_slotMs, signal): Promise<PruneSummary> {
      const result = await pruneAll({
        presence,
        channels: [DEFAULT_CHANNEL],
        signal,
        ...(maxChannels === undefined ? {} : { maxChannels }),
      });
      const { removed, invalid, remaining, channels, skipped, failures } = result;
      if (failures.length > 0) throw channelsFailed("pruned", failures, failures.length + channels.length);
      return { removed, invalid, remaining, channels: channels.length, skipped };
    },
  };
}

function sampleJob({ presence, history, historyChannels: channels }: JobsOptions): Job {
  return {
    name: "sample",
    everySeconds: SAMPLE_EVERY_SECONDS,
    async run(_slotMs, signal): Promise<SampleSummary> {
      const { failures, ...summary } = await sampleAll({ presence, history, channels, signal });
      if (failures.length > 0) throw channelsFailed("sampled", failures, channels.length);
      return summary;
    },
  };
}

function retainJob({ history }: JobsOptions): Job {
  return {
    name: "retain",
    everySeconds: RETAIN_EVERY_SECONDS,
    // A machine that is off each midnight would never let go of anything.
    catchesUp: true,
    run: (slotMs, signal): Promise<RetainResult> => history.retain(slotMs, { signal }),
  };
}
