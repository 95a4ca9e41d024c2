import type { Report } from "./events.ts";

/** What may fail without any request noticing. */
export type GuardedPart = "skip" | "channel" | "peer" | "presence";

/** Stands for the answer of a call that failed. */
export const FAILED: unique symbol = Symbol("failed");

/** Keeps failures from requests; the first of each part is reported. */
export interface Guard {
  /** Calls what the application gave. */
  call<Answer>(part: GuardedPart, callback: () => Answer): Answer | typeof FAILED;
  fail(part: GuardedPart, thrown: unknown): typeof FAILED;
}

export function createGuard(report: Report): Guard {
  const failed = new Set<GuardedPart>();

  function fail(part: GuardedPart, thrown: unknown): typeof FAILED {
    if (failed.has(part)) return FAILED;
    failed.add(part);
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    const message = `Requests for which ${part} fails are not counted: ${error.message}`;
    report({ kind: "failed", message, part, error });
    return FAILED;
  }

  return {
    fail,
    call(part, callback) {
      try {
        const answer = callback();
        if (!(answer instanceof Promise)) return answer;
        // Its own failure is of no more use than its answer, and must not end the process.
        answer.catch(() => {});
        return fail(part, new TypeError(`${part}() answered a promise: it must answer at once`));
      } catch (error) {
        return fail(part, error);
      }
    },
  };
}
