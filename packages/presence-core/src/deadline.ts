import { PresenceError } from "./errors.ts";

/**
 * The promise's outcome, or a rejection after `timeoutMs`. The work itself goes on; its late outcome is dropped.
 *
 * @throws {PresenceError} `PRESENCE_STORE_UNAVAILABLE` when time ran out.
 */
export function withDeadline<T>(promise: Promise<T>, timeoutMs: number, what: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new PresenceError("PRESENCE_STORE_UNAVAILABLE", `${what} took longer than ${timeoutMs} ms`));
    }, timeoutMs);
    promise.then(
      (value) => {
        clearTimeout(timer);
        resolve(value);
      },
      (error: unknown) => {
        clearTimeout(timer);
        reject(error);
      },
    );
  });
}
