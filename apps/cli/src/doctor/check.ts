/** How one check went. `warn`: somebody should look at it. `fail`: the number is wrong, or soon may be. */
export type CheckState = "ok" | "warn" | "fail";

/** One thing that was looked at. */
export interface Check {
  /** What was looked at, in one word. */
  readonly name: string;
  readonly state: CheckState;
  /** What was found, in one line. */
  readonly detail: string;
  /** What to do about it; on every `warn` and `fail`. */
  readonly remedy?: string;
}

/** All is well. */
export function ok(name: string, detail: string): Check {
  return { name, state: "ok", detail };
}

/** Somebody should look at it. */
export function warn(name: string, detail: string, remedy: string): Check {
  return { name, state: "warn", detail, remedy };
}

/** The number is wrong, or soon may be. */
export function fail(name: string, detail: string, remedy: string): Check {
  return { name, state: "fail", detail, remedy };
}
