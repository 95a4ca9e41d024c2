import { setTimeout as delay } from "node:timers/promises";

/** Options of {@link retry}. */
export interface RetryOptions {
  /** How long to go on, in milliseconds, from the first attempt. */
  readonly limitMs: number;
  /** Ends the waiting; {@link retry} rejects with its reason. */
  readonly signal: AbortSignal;
  /** Told of each attempt that failed, and how long until the next. */
  readonly onFailure: (error: unknown, waitMs: number) => void;
}

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 5_000;

/** Attempts again and again, with doubling waits, and answers the first success. Rejects with the last failure. */
export async function retry<T>(attempt: () => Promise<T>, options: RetryOptions): Promise<T> {
  const { limitMs, signal, onFailure } = options;
  const deadlineMs = performance.now() + limitMs;
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS)) {
    signal.throwIfAborted();
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() + waitMs >= deadlineMs) throw error;
      onFailure(error, waitMs);
    }
    await delay(waitMs, undefined, { signal });
  }
}
