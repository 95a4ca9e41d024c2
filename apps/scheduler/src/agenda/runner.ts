import { Agenda, type Job as AgendaJob } from "agenda";
import type { Collection, Db } from "mongodb";
import { type Job, oneAtATime, runJob, type RunJobOptions } from "@presence/jobs";
import { connectedBackend, GuardedRepository, JOBS_COLLECTION } from "./backend.ts";
import { type JobDocument, makeJobsUnique, releaseLocks, scheduleJob } from "./job-documents.ts";
import { keepLock } from "./keep-lock.ts";

/** What a runner tells beside its work. */
export type RunnerEvent =
  | { readonly kind: "ran"; readonly job: string; readonly result: unknown }
  | { readonly kind: "failed"; readonly job: string; readonly error: unknown }
  /** Agenda began the job while this process still ran it; nothing was done. */
  | { readonly kind: "skipped"; readonly job: string }
  /** The lock of a run could not be kept; the run was asked to end. */
  | { readonly kind: "lock-lost"; readonly job: string }
  /** Agenda or MongoDB failed beside a run. */
  | { readonly kind: "error"; readonly error: unknown };

/** Options of {@link createAgendaRunner}. */
export interface AgendaRunnerOptions extends Pick<RunJobOptions, "board" | "nowMs"> {
  readonly db: Db;
  readonly jobs: readonly Job[];
  /** Who runs, as others are told: host and process id, unique per process. */
  readonly by: string;
  /** After how long without a sign of life another process may run a job, in milliseconds. */
  readonly lockLifetimeMs: number;
  /** How often Agenda looks for work, in milliseconds. */
  readonly processEveryMs: number;
  readonly onEvent: (event: RunnerEvent) => void;
}

/** Agenda with our jobs. */
export interface AgendaRunner {
  /** Makes the indexes and puts the jobs on the schedule. May be tried again after a failure. */
  prepare(): Promise<void>;
  /** Begins to run them; once, after {@link AgendaRunner.prepare}. */
  start(): Promise<void>;
  /** Begins nothing more, asks what runs to end, waits up to `drainMs` for it, and leaves no lock behind. Idempotent. */
  close(drainMs: number): Promise<void>;
}

/** Prepares Agenda to run `jobs`; nothing is sent before `prepare`. */
export function createAgendaRunner(options: AgendaRunnerOptions): AgendaRunner {
  const { db, jobs, by, onEvent } = options;
  const onError = (error: unknown): void => onEvent({ kind: "error", error });
  const repository = new GuardedRepository(db, onError);
  const collection: Collection<JobDocument> = db.collection(JOBS_COLLECTION);
  const closing = new AbortController();
  const agenda = new Agenda({
    backend: connectedBackend(repository),
    name: by,
    processEvery: options.processEveryMs,
    defaultLockLifetime: options.lockLifetimeMs,
    defaultConcurrency: 1,
  });
  // Agenda installs a listener that does nothing: without ours its errors would be silence.
  agenda.on("error", onError);
  for (const job of jobs) agenda.define(job.name, handler(job, options, closing.signal));

  async function close(drainMs: number): Promise<void> {
    closing.abort();
    await repository.close();
    await agenda.drain(drainMs);
    await releaseLocks(collection, by);
  }

  let closed: Promise<void> | null = null;
  return {
    async prepare() {
      await repository.connect();
      await makeJobsUnique(collection);
      for (const job of jobs) await scheduleJob(agenda, collection, job);
    },
    start: () => agenda.start(),
    close: (drainMs) => (closed ??= close(drainMs)),
  };
}

/** What Agenda calls for a job. One parameter: with two it would wait for a callback. */
function handler(job: Job, options: AgendaRunnerOptions, closing: AbortSignal) {
  const { onEvent, board, by, nowMs, lockLifetimeMs } = options;
  const onError = (error: unknown): void => onEvent({ kind: "error", error });

  const guarded = oneAtATime(async (agendaJob: AgendaJob) => {
    const lost = new AbortController();
    const letGo = keepLock(agendaJob, {
      lifetimeMs: lockLifetimeMs,
      onError,
      onLost() {
        onEvent({ kind: "lock-lost", job: job.name });
        lost.abort();
      },
    });
    try {
      const signal = AbortSignal.any([closing, lost.signal]);
      return await runJob(job, { board, by, nowMs, signal, onSaveError: onError });
    } finally {
      await letGo();
    }
  });

  return async (agendaJob: AgendaJob): Promise<void> => {
    const run = await guarded(agendaJob);
    if (!run.ran) {
      onEvent({ kind: "skipped", job: job.name });
      return;
    }
    const outcome = run.value;
    if (outcome.ok) {
      onEvent({ kind: "ran", job: job.name, result: outcome.result });
      return;
    }
    onEvent({ kind: "failed", job: job.name, error: outcome.error });
    // Agenda keeps the reason in the job's document.
    throw outcome.error;
  };
}
