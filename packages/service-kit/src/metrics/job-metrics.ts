import type { JobBoard } from "@presence/core";
import type { EndedRun } from "../job-runner.ts";
import type { Metrics } from "./metrics.ts";

const MILLISECONDS = 1_000;

/** From milliseconds to the half minute after which a prune gives up. */
const BUCKETS = [0.005, 0.02, 0.1, 0.5, 2, 10, 30];

/** Options of {@link addJobMetrics}. */
export interface JobMetricsOptions {
  readonly board: Pick<JobBoard, "runs">;
  /** The store's clock, in epoch milliseconds. */
  readonly nowMs: () => number;
  /** Told when the board cannot be read; its metrics are absent then. */
  readonly onError: (error: unknown) => void;
}

/**
 * Job runs: those of this process counted, the last ones of all processes from the board. Answers what to tell of
 * each run of this process. The label is `name`: Prometheus itself gives every sample a `job`.
 */
export function addJobMetrics(metrics: Metrics): {
  readonly onRun: (run: EndedRun) => void;
  readonly watch: (options: JobMetricsOptions) => void;
} {
  const runs = metrics.counter({
    name: "presence_job_runs_total",
    help: "Runs of a job that ended in this process",
    labelNames: ["name", "outcome"],
  });
  const duration = metrics.histogram({
    name: "presence_job_duration_seconds",
    help: "How long runs of a job took in this process",
    labelNames: ["name"],
    buckets: BUCKETS,
  });
  const lastRun = metrics.gauge({
    name: "presence_job_last_run_timestamp_seconds",
    help: "When the last run of a job began, by any process, in Unix time",
    labelNames: ["name"],
  });
  const lastSuccess = metrics.gauge({
    name: "presence_job_last_success_timestamp_seconds",
    help: "When the last run of a job that succeeded began, by any process, in Unix time",
    labelNames: ["name"],
  });
  const age = metrics.gauge({
    name: "presence_job_last_success_age_seconds",
    help: "Time since the last run of a job that succeeded began, by the clock of the store",
    labelNames: ["name"],
  });

  return {
    onRun({ job, ok, elapsedMs }) {
      runs.inc({ name: job, outcome: ok ? "success" : "failure" });
      duration.observe({ name: job }, elapsedMs / MILLISECONDS);
    },
    watch({ board, nowMs, onError }) {
      metrics.beforeScrape(async () => {
        const found = await board.runs().catch((error: unknown) => {
          onError(error);
          return [];
        });
        for (const gauge of [lastRun, lastSuccess, age]) gauge.reset();
        for (const { job, atMs, lastSuccessMs } of found) {
          lastRun.set({ name: job }, atMs / MILLISECONDS);
          if (lastSuccessMs === null) continue;
          lastSuccess.set({ name: job }, lastSuccessMs / MILLISECONDS);
          age.set({ name: job }, Math.max(0, nowMs() - lastSuccessMs) / MILLISECONDS);
        }
      });
    },
  };
}
