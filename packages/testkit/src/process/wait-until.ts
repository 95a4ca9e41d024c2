import { setTimeout as delay } from "node:timers/promises";

/** Options of {@link waitUntil}. */
export interface WaitOptions {
  /** @default 25000 */
  readonly timeoutMs?: number;
  /** Time between two looks, in milliseconds. @default 20 */
  readonly everyMs?: number;
  /** What is waited for, named when it does not come. */
  readonly what?: string;
}

/** What a predicate may answer for "not yet". */
export type NotYet = false | null | undefined;

/**
 * Asks `predicate` again and again until it answers something, and answers that. A predicate that throws has not
 * answered yet; its last error is the cause when time runs out.
 */
export async function waitUntil<T>(
  predicate: () => T | NotYet | Promise<T | NotYet>,
  { timeoutMs = 25_000, everyMs = 20, what = "the condition" }: WaitOptions = {},
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  let cause: unknown;
  do {
    try {
      const answer = await predicate();
      if (answer !== false && answer !== null && answer !== undefined) return answer;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    await delay(everyMs);
  } while (performance.now() < deadline);
  throw new Error(`${what} did not come about within ${timeoutMs} ms`, { cause });
}
