/** The last run of a job. */
export interface JobRun {
  readonly job: string;
  /** When it began, in epoch milliseconds of the store's clock. */
  readonly atMs: number;
  readonly elapsedMs: number;
  readonly ok: boolean;
  /** Which process ran it: host and process id. */
  readonly by: string;
  /** What it did, as the job tells it; or the error's message. */
  readonly result: unknown;
  /** Begin of the last run that succeeded, in epoch milliseconds; `null` where none ever did. */
  readonly lastSuccessMs: number | null;
}

/** Who runs a slot, and what came of it, shared by all processes of one store. */
export interface JobBoard {
  /** Whether this caller is the one to run `job` in `slot`; true for exactly one of all who ask. */
  claim(job: string, slot: number, lifeMs: number): Promise<boolean>;
  /** Keeps the last run of a job; `lastSuccessMs` is carried over from the one before where this one failed. */
  saveRun(run: Omit<JobRun, "lastSuccessMs">): Promise<void>;
  /** The last run of each job that ever ran. */
  runs(): Promise<readonly JobRun[]>;
}

/** A {@link JobBoard} for one process. */
export function createMemoryJobBoard(): JobBoard {
  const runs = new Map<string, JobRun>();
  const slots = new Map<string, number>();
  return {
    async claim(job, slot) {
      if ((slots.get(job) ?? -Infinity) >= slot) return false;
      slots.set(job, slot);
      return true;
    },
    async saveRun(run) {
      const lastSuccessMs = run.ok ? run.atMs : (runs.get(run.job)?.lastSuccessMs ?? null);
      runs.set(run.job, { ...run, lastSuccessMs });
    },
    async runs() {
      return [...runs.values()];
    },
  };
}
