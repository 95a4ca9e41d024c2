import { once } from "node:events";
import { createJobs, type Job } from "@presence/jobs";
import { runScheduler } from "../../src/run.ts";
import type { SchedulerTimes } from "../../src/scheduler.ts";

/** What the test that starts this program wants of it, as JSON in its first argument. */
export interface ProgramOptions {
  readonly times?: SchedulerTimes;
  /** How often it prunes; it samples six times as often. */
  readonly everySeconds?: number;
  /** Visitors one script call removes: few, so that a prune takes long enough to be caught. */
  readonly batch?: number;
  /** A prune that is done says `done` and ends its run when it is told a line. @default false */
  readonly holdsEnd?: boolean;
}

const wanted: ProgramOptions = JSON.parse(process.argv[2] ?? "{}");
const { times, everySeconds = 60, batch = 1_000, holdsEnd = false } = wanted;

/** How often jobs run here; others as they do. */
const EVERY_SECONDS: Readonly<Record<string, number>> = {
  prune: everySeconds,
  sample: Math.max(1, everySeconds / 6),
};

/** Says when it begins and ends, so that a test sees whether two ran at once. */
function told(job: Job): Job {
  return {
    ...job,
    everySeconds: EVERY_SECONDS[job.name] ?? job.everySeconds,
    async run(slotMs, signal) {
      process.stdout.write(`begin ${job.name}\n`);
      try {
        const result = await job.run(slotMs, signal);
        if (holdsEnd && job.name === "prune") {
          process.stdout.write(`done ${job.name}\n`);
          await once(process.stdin, "data");
        }
        return result;
      } finally {
        process.stdout.write(`end ${job.name}\n`);
      }
    },
  };
}

const exitCode = await runScheduler(process.env, (text) => process.stderr.write(`${text}\n`), {
  ...(times === undefined ? {} : { times }),
  jobs: (presence, history) => {
    const small = {
      ...presence,
      prune: (options: Parameters<typeof presence.prune>[0]) => presence.prune({ ...options, batch }),
    };
    return createJobs({ presence: small, history, historyChannels: ["site"] }).map(told);
  },
});
if (exitCode !== null) process.exit(exitCode);
