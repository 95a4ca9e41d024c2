import type { JobBoard, JobRun } from "../jobs.ts";
import type { RedisKeys } from "./keys.ts";
import type { RedisLink } from "./redis-link.ts";

/** Life of the hash of last runs, in seconds: long enough to say that a job has not run for a week. */
const RUNS_TTL_SECONDS = 8 * 86_400;

/** The {@link JobBoard} of all processes on one Redis. */
export function createRedisJobBoard(link: RedisLink, keys: RedisKeys): JobBoard {
  return {
    claim: (job, slot, lifeMs) =>
      link.ask(async (redis) => (await redis.set(keys.lock(job, slot), "1", "PX", lifeMs, "NX")) === "OK"),

    async saveRun(run) {
      await link.ask(async (redis) => {
        const sent: Promise<unknown>[] = [redis.hset(keys.jobs, run.job, JSON.stringify(run))];
        if (run.ok) sent.push(redis.hset(keys.jobs, `${run.job}:success`, run.atMs));
        sent.push(redis.expire(keys.jobs, RUNS_TTL_SECONDS));
        await Promise.all(sent);
      });
    },

    async runs() {
      const fields = await link.ask((redis) => redis.hgetall(keys.jobs));
      return Object.entries(fields)
        .filter(([field]) => !field.endsWith(":success"))
        .map(([field, text]) => {
          const success = fields[`${field}:success`];
          const run = JSON.parse(text) as Omit<JobRun, "lastSuccessMs">;
          return { ...run, lastSuccessMs: success === undefined ? null : Number(success) };
        });
    },
  };
}
