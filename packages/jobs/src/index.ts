export type { ChannelFailure } from "./channel-failure.ts";
export type { Job } from "./job.ts";
export {
  createJobs,
  PRUNE_EVERY_SECONDS,
  RETAIN_EVERY_SECONDS,
  SAMPLE_EVERY_SECONDS,
  type JobsOptions,
  type PruneSummary,
  type SampleSummary,
} from "./jobs.ts";
export { pruneAll, type ChannelPruneResult, type PruneAllOptions, type PruneAllResult } from "./prune-all.ts";
export { sampleAll, type SampleAllOptions, type SampleAllResult } from "./sample-all.ts";
export { oneAtATime, type GuardedRun } from "./one-at-a-time.ts";
export { runJob, type JobOutcome, type RunJobOptions } from "./run-job.ts";
