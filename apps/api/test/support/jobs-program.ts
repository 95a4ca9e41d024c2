import { createJobs, type Job } from "@presence/jobs";
import { closeOnSignal, createLogger } from "@presence/service-kit";
import { loadApiConfig } from "../../src/config.ts";
import { startApi } from "../../src/start.ts";

/** What the test that starts this program wants of it, as JSON in its first argument. */
export interface JobsProgramOptions {
  /** How often it prunes. */
  readonly everySeconds: number;
  /** Visitors one script call removes: few, so that a prune takes long enough to be caught. */
  readonly batch: number;
}

/*
 * The API as a process of its own, which prunes more often than it would, and says of each slot when it begins and
 * ends it.
 */
const wanted: JobsProgramOptions = JSON.parse(process.argv[2] ?? "");

function told(job: Job): Job {
  return {
    ...job,
    everySeconds: wanted.everySeconds,
    async run(slotMs, signal) {
      process.stdout.write(`begin ${slotMs}\n`);
      const result = await job.run(slotMs, signal);
      process.stdout.write(`end ${slotMs}\n`);
      return result;
    },
  };
}

const logger = createLogger({ name: "jobs-program", level: "warn" });
const { cleanups } = await startApi(loadApiConfig(process.env), logger, `test:${process.pid}`, {
  jobs({ config, history, presence }) {
    const small = {
      ...presence,
      prune: (options: Parameters<typeof presence.prune>[0]) =>
        presence.prune({ ...options, batch: wanted.batch }),
    };
    const jobs = createJobs({ presence: small, history, historyChannels: config.historyChannels });
    return jobs.filter(({ name }) => name === "prune").map(told);
  },
});
closeOnSignal({ logger, cleanups });
process.stdout.write("started\n");
