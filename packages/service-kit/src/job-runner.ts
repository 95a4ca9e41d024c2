import type { JobBoard, JobRun } from "@presence/core";
import type { Logger } from "./logger.ts";

/** A job that runs in every slot of its interval. */
export interface ScheduledJob {
  readonly name: string;
  readonly everySeconds: number;
  /** Whether the slot under way is made up for at start, where nobody has run it. @default false */
  readonly catchesUp?: boolean;
  /** Does the work of a slot; what it answers is kept as the last result. `signal` aborts at the end. */
  readonly run: (slotMs: number, signal: AbortSignal) => Promise<unknown>;
}

/** When a job runs next. */
export interface JobStatus {
  readonly name: string;
  readonly everySeconds: number;
  /** Begin of its next slot, in epoch milliseconds. */
  readonly nextSlotMs: number;
}

/** A claim outlives its slot, so that a process that comes late does not run it again. */
const CLAIM_LIFE_SLOTS = 2;

/** Options of {@link startJobRunner}. */
export interface JobRunnerOptions {
  readonly jobs: readonly ScheduledJob[];
  /** The clock that slots are cut from: the store's, so that all processes cut the same. */
  readonly nowMs: () => number;
  /** Where all processes of one store agree on who runs a slot; where it cannot be asked, the slot is missed. */
  readonly board: Pick<JobBoard, "claim" | "saveRun">;
  /** Who runs, as others are told: host and process id. */
  readonly by: string;
  readonly logger: Pick<Logger, "debug" | "info" | "warn" | "error">;
  /** Told of each run of this process that has ended. */
  readonly onRun?: (run: EndedRun) => void;
  /** Calls `action` once after `delayMs`; answers a function that takes it back. @default setTimeout */
  readonly schedule?: (action: () => void, delayMs: number) => () => void;
}

/** A run that has ended, as it is kept on the board. */
export type EndedRun = Omit<JobRun, "lastSuccessMs">;

/** Runs jobs in this process until closed. */
export interface JobRunner {
  status(): readonly JobStatus[];
  /** Starts no more, aborts what runs and waits for its end. Idempotent. */
  close(): Promise<void>;
}

/**
 * Runs each job at every whole multiple of its interval since the epoch. A job still running when its next slot
 * comes misses that slot; slots that passed while the machine slept are not made up for. A job that goes on failing
 * is one error in the log, and a word once it succeeds again.
 */
export function startJobRunner(options: JobRunnerOptions): JobRunner {
  const loops = options.jobs.map((job) => startLoop(job, options));
  let closed: Promise<void> | undefined;
  return {
    status: () => loops.map((loop) => loop.status()),
    close: () => (closed ??= Promise.all(loops.map((loop) => loop.close())).then(() => {})),
  };
}

interface JobLoop {
  status(): JobStatus;
  close(): Promise<void>;
}

function startLoop(job: ScheduledJob, options: JobRunnerOptions): JobLoop {
  const { board, by, nowMs, logger, onRun, schedule = scheduleUnref } = options;
  const everyMs = job.everySeconds * 1_000;
  const abort = new AbortController();
  let running: Promise<void> | null = null;
  let isFailing = false;
  let nextSlotMs = slotAfter(nowMs(), everyMs);
  let cancel = schedule(onTimer, nextSlotMs - nowMs());
  if (job.catchesUp === true) begin(nextSlotMs - everyMs);

  function onTimer(): void {
    // Timers may fire early by the store clock, which is not the timers' clock.
    const now = nowMs();
    if (now >= nextSlotMs) {
      begin(slotAfter(now, everyMs) - everyMs);
      nextSlotMs = slotAfter(now, everyMs);
    }
    cancel = schedule(onTimer, Math.max(1, nextSlotMs - now));
  }

  function begin(slotMs: number): void {
    if (running !== null) {
      logger.warn({ job: job.name, slotMs }, "the run before still runs: slot missed");
      return;
    }
    running = runSlot(slotMs).finally(() => {
      running = null;
    });
  }

  async function runSlot(slotMs: number): Promise<void> {
    try {
      if (!(await board.claim(job.name, slotMs, CLAIM_LIFE_SLOTS * everyMs))) return;
    } catch (error) {
      logger.warn({ err: error, job: job.name, slotMs }, "could not claim the slot: missed");
      return;
    }
    const atMs = nowMs();
    const outcome = await attempt(slotMs);
    const run = { job: job.name, by, atMs, elapsedMs: Math.max(0, Math.round(nowMs() - atMs)), ...outcome };
    logger.debug({ run }, "job ran");
    onRun?.(run);
    try {
      await board.saveRun(run);
    } catch (error) {
      logger.warn({ err: error, job: job.name }, "could not keep what the run did");
    }
  }

  async function attempt(slotMs: number): Promise<{ readonly ok: boolean; readonly result: unknown }> {
    try {
      const result = (await job.run(slotMs, abort.signal)) ?? null;
      if (isFailing) logger.info({ job: job.name, slotMs }, "job succeeds again");
      isFailing = false;
      return { ok: true, result };
    } catch (error) {
      const level = isFailing ? "debug" : "error";
      logger[level]({ err: error, job: job.name, slotMs }, "job failed");
      isFailing = true;
      return { ok: false, result: error instanceof Error ? error.message : String(error) };
    }
  }

  return {
    status: () => ({ name: job.name, everySeconds: job.everySeconds, nextSlotMs }),
    async close() {
      cancel();
      abort.abort();
      await running;
    },
  };
}

/** The first slot after `nowMs`. */
function slotAfter(nowMs: number, everyMs: number): number {
  return (Math.floor(nowMs / everyMs) + 1) * everyMs;
}

function scheduleUnref(action: () => void, delayMs: number): () => void {
  const timer = setTimeout(action, delayMs).unref();
  return () => clearTimeout(timer);
}
