import type { Job, JobRun, Jobs } from "@presence/api-contract";
import { isoTime, type JobRun as StoredRun } from "@presence/core";
import { PRUNE_EVERY_SECONDS, RETAIN_EVERY_SECONDS, SAMPLE_EVERY_SECONDS } from "@presence/jobs";

const DAY_SECONDS = 86_400;

/** How often each job is due, in seconds. */
const EVERY_SECONDS: Readonly<Record<string, number>> = {
  sample: SAMPLE_EVERY_SECONDS,
  prune: PRUNE_EVERY_SECONDS,
  retain: RETAIN_EVERY_SECONDS,
};

/** A job that is later than this is run by nobody, in milliseconds. */
const GRACE_MS = 60_000;

/** The jobs as the board of a store tells of them; who is to run them it does not say, so the last runs do. */
export function jobsOf(runs: readonly StoredRun[], nowMs: number): Pick<Jobs, "runner" | "jobs"> {
  const [latest] = runs.filter((run) => isRunning(run, nowMs)).toSorted((a, b) => b.atMs - a.atMs);
  const names = new Set([...Object.keys(EVERY_SECONDS), ...runs.map(({ job }) => job)]);
  return {
    runner: latest === undefined ? "off" : runnerOf(latest),
    jobs: [...names].toSorted().map((name): Job => {
      const run = runs.find(({ job }) => job === name);
      const everySeconds = EVERY_SECONDS[name];
      return {
        name,
        schedule: everySeconds === undefined ? "by its own rule" : scheduleOf(everySeconds),
        lastRun: run === undefined ? null : lastRunOf(run),
        lastSuccessAt: typeof run?.lastSuccessMs === "number" ? isoTime(run.lastSuccessMs) : null,
        nextRunAt:
          latest === undefined || everySeconds === undefined ? null : isoTime(slotAfter(nowMs, everySeconds)),
      };
    }),
  };
}

function isRunning({ job, atMs }: StoredRun, nowMs: number): boolean {
  return nowMs - atMs < (EVERY_SECONDS[job] ?? 0) * 1_000 + GRACE_MS;
}

/** An API process names itself by host and process id, a scheduler by one part more. */
function runnerOf({ by }: StoredRun): Jobs["runner"] {
  return by.split(":").length > 2 ? "scheduler" : "in-process";
}

function scheduleOf(everySeconds: number): string {
  if (everySeconds === DAY_SECONDS) return "every day";
  return everySeconds === 60 ? "every minute" : `every ${everySeconds} seconds`;
}

function lastRunOf({ ok, atMs, by, elapsedMs, result }: StoredRun): JobRun {
  const run = { at: isoTime(atMs), by, elapsedMs };
  return ok ? { ok, ...run, result: recordOf(result) } : { ok, ...run, error: String(result) };
}

function recordOf(result: unknown): Record<string, unknown> {
  if (typeof result === "object" && result !== null) return { ...result };
  return result === null || result === undefined ? {} : { result };
}

/** Jobs run at every whole multiple of their interval since the epoch. */
function slotAfter(nowMs: number, everySeconds: number): number {
  const everyMs = everySeconds * 1_000;
  return (Math.floor(nowMs / everyMs) + 1) * everyMs;
}
