import type { JobBoard, JobRun } from "@presence/core";
import type { Job } from "./job.ts";

/** Options of {@link runJob}. */
export interface RunJobOptions {
  /** Where the last run of each job is kept. */
  readonly board: Pick<JobBoard, "saveRun">;
  /** Who runs, as others are told: host and process id. */
  readonly by: string;
  /** The store's clock, in epoch milliseconds. */
  readonly nowMs: () => number;
  readonly signal: AbortSignal;
  /** Told when the run could not be kept; what the run did stands. */
  readonly onSaveError: (error: unknown) => void;
}

/** How a run ended. */
export type JobOutcome =
  | { readonly ok: true; readonly result: unknown }
  | { readonly ok: false; readonly error: unknown };

/** Runs a job in the slot that is now, keeps on the board what came of it, and answers that. Never throws. */
export async function runJob(job: Job, options: RunJobOptions): Promise<JobOutcome> {
  const { board, by, nowMs, signal, onSaveError } = options;
  const atMs = nowMs();
  const everyMs = job.everySeconds * 1_000;
  const outcome = await attempt(job, Math.floor(atMs / everyMs) * everyMs, signal);
  const run: Omit<JobRun, "lastSuccessMs"> = {
    job: job.name,
    by,
    atMs,
    elapsedMs: Math.max(0, Math.round(nowMs() - atMs)),
    ok: outcome.ok,
    result: outcome.ok ? (outcome.result ?? null) : messageOf(outcome.error),
  };
  try {
    await board.saveRun(run);
  } catch (error) {
    onSaveError(error);
  }
  return outcome;
}

async function attempt(job: Job, slotMs: number, signal: AbortSignal): Promise<JobOutcome> {
  try {
    return { ok: true, result: await job.run(slotMs, signal) };
  } catch (error) {
    return { ok: false, error };
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
