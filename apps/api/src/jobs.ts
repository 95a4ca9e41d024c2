import { createJobs, type Job } from "@presence/jobs";
import { startJobRunner, type JobRunner } from "@presence/service-kit";
import type { AppDeps } from "./app-deps.ts";

/** The jobs of this installation, whether this process runs them or not. */
export function jobsOf({ config, history, presence }: AppDeps): readonly Job[] {
  const { channelsMax: maxChannels, historyChannels } = config;
  return createJobs({ presence, history, historyChannels, maxChannels });
}

/** Runs the jobs in this process, one process of an installation per slot. */
export function startJobs(deps: AppDeps, jobs: readonly Job[] = jobsOf(deps)): JobRunner {
  const { presence, logger, metrics, processName } = deps;
  return startJobRunner({
    jobs,
    board: presence.store.jobs,
    by: processName,
    nowMs: presence.store.nowMs,
    logger,
    ...(metrics === null ? {} : { onRun: metrics.onJobRun }),
  });
}
