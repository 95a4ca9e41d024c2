import type { Logger } from "@presence/service-kit";
import type { RunnerEvent } from "./agenda/runner.ts";

/** What happened since the start. */
export interface Tallied {
  /** Runs that came to their end, failed ones included. */
  readonly runs: number;
  readonly failedRuns: number;
  /** Times Agenda began a job that this process still ran. */
  readonly skippedRuns: number;
  /** Failures of Agenda and MongoDB beside the runs. */
  readonly errors: number;
}

/** Counts what a runner tells, and logs it; a job that goes on failing is one error. */
export interface Tally {
  readonly counts: Tallied;
  add(event: RunnerEvent): void;
}

/** `isExpected` says whether a failure beside the runs is no news: a server known to be away. */
export function createTally(
  logger: Pick<Logger, "debug" | "info" | "warn" | "error">,
  isExpected: () => boolean,
): Tally {
  let [runs, failedRuns, skippedRuns, errors] = [0, 0, 0, 0];
  const failing = new Set<string>();

  function logRun(event: RunnerEvent & { readonly kind: "ran" | "failed" }): void {
    const { job } = event;
    if (event.kind === "failed") {
      logger[failing.has(job) ? "debug" : "error"]({ err: event.error, job }, "job failed");
      failing.add(job);
      return;
    }
    if (failing.delete(job)) logger.info({ job }, "job succeeds again");
    logger.debug({ job, result: event.result }, "job ran");
  }

  return {
    get counts() {
      return { runs, failedRuns, skippedRuns, errors };
    },
    add(event) {
      switch (event.kind) {
        case "ran":
          runs += 1;
          return logRun(event);
        case "failed":
          runs += 1;
          failedRuns += 1;
          return logRun(event);
        case "skipped":
          skippedRuns += 1;
          return logger.warn({ job: event.job }, "the run before still runs: skipped");
        case "lock-lost":
          return logger.warn({ job: event.job }, "the lock of a run was lost: it ends, the next one goes on");
        case "error":
          errors += 1;
          return logger[isExpected() ? "debug" : "warn"]({ err: event.error }, "Agenda reported an error");
      }
    },
  };
}
