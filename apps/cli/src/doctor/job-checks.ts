import type { Job, Jobs } from "@presence/api-contract";
import { safeText } from "../output/safe-text.ts";
import { counted, duration } from "../output/words.ts";
import { type Check, fail, ok, warn } from "./check.ts";

/** What {@link checkJobs} judges by. */
export interface JobsToCheck {
  readonly jobs: Jobs;
  /** For how long somebody has recorded, in milliseconds; `null` where that is not known. */
  readonly recordedMs: number | null;
  /** Expired visitors that wait, where that is known. */
  readonly expired: number | null;
  /** Whether `apps/scheduler` is to run the jobs. */
  readonly hasScheduler: boolean;
}

/** How late a job may be, in milliseconds. */
const LATEST = [
  { name: "prune", maxAgeMs: 180_000, everySeconds: 60, harm: "who left stays in Redis" },
  { name: "sample", maxAgeMs: 60_000, everySeconds: 10, harm: "history has a gap" },
] as const;

type Limit = (typeof LATEST)[number];

/** Whether the jobs run, by when each last went well. */
export function checkJobs(toCheck: JobsToCheck): readonly Check[] {
  const limited = LATEST.flatMap((limit) => {
    const job = toCheck.jobs.jobs.find(({ name }) => name === limit.name) ?? null;
    // Where nobody records and nothing waits, there is nothing to run for.
    const isIdle = toCheck.recordedMs === null && (toCheck.expired ?? 0) === 0;
    const hasRun = job !== null && job.lastRun !== null;
    return isIdle && !hasRun ? [] : [checkJob(limit, job, toCheck)];
  });
  const others = toCheck.jobs.jobs.filter((job) => LATEST.every(({ name }) => name !== job.name));
  return [...limited, ...others.flatMap(checkOther)];
}

/** A job that may be as late as it likes, but should not fail. */
function checkOther({ name, lastRun }: Job): readonly Check[] {
  if (lastRun === null || lastRun.ok) return [];
  const job = safeText(name);
  return [
    warn(
      job,
      `the last run failed: ${safeText(lastRun.error)}`,
      `see the log of ${safeText(lastRun.by)}; it is tried again when it is next due`,
    ),
  ];
}

function checkJob(limit: Limit, job: Job | null, toCheck: JobsToCheck): Check {
  const { name, maxAgeMs, everySeconds, harm } = limit;
  const nowMs = Date.parse(toCheck.jobs.asOf);
  const remedy = remedyOf(name, toCheck);
  const waiting =
    name === "prune" && toCheck.expired !== null && toCheck.expired > 0
      ? `, ${counted(toCheck.expired, "expired visitor")} waiting`
      : "";
  const lastSuccessAt = job?.lastSuccessAt ?? null;
  const failure = job?.lastRun?.ok === false ? `: ${safeText(job.lastRun.error)}` : "";
  if (lastSuccessAt === null) {
    const isYoung = toCheck.recordedMs !== null && toCheck.recordedMs < maxAgeMs;
    return isYoung && failure === ""
      ? ok(name, `none yet; the first is due within ${everySeconds} s of the start`)
      : fail(name, `none has ever gone well${failure}${waiting}: ${harm}`, remedy);
  }
  const ageMs = Math.max(0, nowMs - Date.parse(lastSuccessAt));
  const success = `last success ${duration(ageMs)} ago`;
  if (ageMs > maxAgeMs) return fail(name, `${success}${failure}${waiting}: ${harm}`, remedy);
  if (failure !== "") return warn(name, `${success}, but the last run failed${failure}`, remedy);
  if (!isUnkept(job)) return ok(name, success);
  return warn(
    name,
    `${success}, but nothing was kept: the count was stale or incomplete`,
    "see the line about recording; samples are kept again once a whole window was recorded",
  );
}

/** Whether a sample run had counts, and might keep none of them. */
function isUnkept(job: Job | null): boolean {
  if (job?.lastRun?.ok !== true) return false;
  const { sampled, stale, incomplete } = job.lastRun.result;
  return sampled === 0 && (Number(stale) > 0 || Number(incomplete) > 0);
}

function remedyOf(name: Limit["name"], { hasScheduler }: JobsToCheck): string {
  const byHand = name === "prune" ? "; until then: presence-cli prune" : "";
  return hasScheduler
    ? `the scheduler does not run, or cannot: see its /ready and its log${byHand}`
    : `no process runs the jobs, or none can: start an API with PRESENCE_JOBS=in-process, see its log${byHand}`;
}
