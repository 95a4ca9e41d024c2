import type { ProgramRun } from "./program.ts";

const DISTINCT = 1_000_000;

/** Two million lines of 1.58 million visitors, some of whom come often: a million of them are met. */
export const LARGE_LOG = { lines: 2_000_000, visitors: 1_580_000 };

/** The same in small, for a quick run. */
export const SMALL_LOG = { lines: 20_000, visitors: 5_000 };

/** How many visitors a replay saw, by what it printed as JSON. */
export function visitorsOf({ stdout }: Pick<ProgramRun, "stdout">): number {
  return (JSON.parse(stdout) as { readonly visitors: number }).visitors;
}

/** @throws {Error} for a log of fewer than a million visitors: it is not what the budget asks for. */
export function assertMillion(visitors: number): void {
  if (visitors < DISTINCT) throw new Error(`the log has ${visitors} visitors only`);
}
