import type { Facts } from "../facts.ts";
import { type Found, spanOf } from "../finding.ts";

/** A prune a minute; after this long without one, nobody does it. */
const PRUNE_LATE_MS = 300_000;

/** Whether the housekeeping is done. */
export function findJobs({ nowMs, startedMs, config, jobs }: Facts): readonly Found[] {
  if (jobs === null) return [];
  const prune = jobs.find(({ job }) => job === "prune");
  const lateMs = nowMs - (prune?.lastSuccessMs ?? startedMs);
  const late: readonly Found[] = lateMs < PRUNE_LATE_MS ? [] : [pruneLate(lateMs, config.runsJobs)];
  const failed = jobs.filter(({ ok }) => !ok);
  if (failed.length === 0) return late;
  const failures = failed.map(({ job, by, result }) => `${job} on ${by}: ${String(result)}`).join("; ");
  return [
    ...late,
    {
      code: "job-failed",
      severity: "warn",
      title: "The last run of a job failed",
      detail: `${failures}.`,
      values: { failures },
      remedy: "GET /v1/jobs says when it last succeeded; the log of the process that ran it has the reason.",
    },
  ];
}

function pruneLate(lateMs: number, runsJobs: boolean): Found {
  return {
    code: "prune-late",
    severity: "warn",
    title: "Nobody removes visitors who left",
    detail: `The last prune that succeeded is over ${spanOf(lateMs)} ago. Counts stay right; memory grows.`,
    values: { elapsedMs: lateMs },
    remedy: runsJobs
      ? "See the log for failed jobs, or run presence-cli prune."
      : "Start apps/scheduler, or set PRESENCE_JOBS=in-process on one API; presence-cli prune does it once.",
  };
}
