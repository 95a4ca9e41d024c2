import type Router from "@koa/router";
import { jobRoutes as contracts } from "@presence/api-contract";
import { isoTime, type JobRun } from "@presence/core";
import type { Job } from "@presence/jobs";
import type { AppDeps } from "../app-deps.ts";
import type { ApiConfig } from "../config.ts";
import { addRoute } from "../http/contract-route.ts";
import { jobsOf } from "../jobs.ts";

/** `GET /v1/jobs`: last and next runs, whoever runs them. */
export function jobRoutes(router: Router, deps: AppDeps): void {
  const { config, presence } = deps;
  const jobs = jobsOf(deps).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const runner = runnerOf(config);

  addRoute(router, deps, contracts.getJobs, async () => {
    const asOfMs = presence.store.nowMs();
    const runs = new Map((await presence.store.jobs.runs()).map((run) => [run.job, run]));
    return {
      asOf: isoTime(asOfMs),
      runner,
      jobs: jobs.map((job) => {
        const run = runs.get(job.name) ?? null;
        return {
          name: job.name,
          schedule: scheduleInWords(job.everySeconds),
          lastRun: run === null ? null : runJson(run),
          lastSuccessAt: run === null || run.lastSuccessMs === null ? null : isoTime(run.lastSuccessMs),
          nextRunAt: runner === "off" ? null : isoTime(nextSlotMs(job, asOfMs)),
        };
      }),
    };
  });
}

function runnerOf({ runsJobs, mongodbUrl }: ApiConfig) {
  if (runsJobs) return "in-process" as const;
  return mongodbUrl === null ? ("off" as const) : ("scheduler" as const);
}

function runJson({ atMs, by, elapsedMs, ok, result }: JobRun) {
  const fields = { at: isoTime(atMs), by, elapsedMs };
  return ok
    ? { ok: true as const, ...fields, result: isRecord(result) ? result : {} }
    : { ok: false as const, ...fields, error: String(result) };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Jobs run at whole multiples of their interval. */
function nextSlotMs({ everySeconds }: Job, nowMs: number): number {
  const everyMs = everySeconds * 1_000;
  return (Math.floor(nowMs / everyMs) + 1) * everyMs;
}

const UNITS = [
  { seconds: 86_400, name: "day" },
  { seconds: 3_600, name: "hour" },
  { seconds: 60, name: "minute" },
] as const;

function scheduleInWords(everySeconds: number): string {
  const { seconds, name } = UNITS.find((unit) => everySeconds % unit.seconds === 0) ?? {
    seconds: 1,
    name: "second",
  };
  const number = everySeconds / seconds;
  return number === 1 ? `every ${name}` : `every ${number} ${name}s`;
}
