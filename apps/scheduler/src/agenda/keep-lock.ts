import type { Job as AgendaJob } from "agenda";

/** Options of {@link keepLock}. */
export interface KeepLockOptions {
  /** How long a lock lives that nobody renews, in milliseconds. It is renewed three times in that. */
  readonly lifetimeMs: number;
  /** Told when it could not be renewed. */
  readonly onError: (error: unknown) => void;
  /** Told once when it is over, or Agenda gave the run up: another process may run the job now. */
  readonly onLost: () => void;
}

const RENEWALS_PER_LIFETIME = 3;

/** Renews the lock of a run that takes long, until the answered function is called; that waits for the last one. */
export function keepLock(
  job: Pick<AgendaJob, "touch" | "getCanceledMessage">,
  { lifetimeMs, onError, onLost }: KeepLockOptions,
): () => Promise<void> {
  // Agenda itself takes a renewal that failed for one that did not: only this knows when the lock is over.
  let heldUntilMs = performance.now() + lifetimeMs;
  let renewing: Promise<void> | null = null;

  async function renew(): Promise<void> {
    const askedMs = performance.now();
    try {
      await job.touch();
      heldUntilMs = askedMs + lifetimeMs;
    } catch (error) {
      onError(error);
    }
  }

  const timer = setInterval(() => {
    if (performance.now() >= heldUntilMs || job.getCanceledMessage() !== undefined) {
      clearInterval(timer);
      onLost();
    } else {
      renewing ??= renew().finally(() => (renewing = null));
    }
  }, lifetimeMs / RENEWALS_PER_LIFETIME);
  return async () => {
    clearInterval(timer);
    // One that came late would lock the job again after the run released it.
    await renewing;
  };
}
