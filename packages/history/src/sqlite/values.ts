import type { SQLInputValue, SQLOutputValue } from "node:sqlite";
import type { PeakRecord } from "../tables.ts";
import { HISTORY_STEPS, type HistoryRow, type Peak, PEAK_SCOPES } from "../types.ts";

type Found = Readonly<Record<string, SQLOutputValue>>;
type Given = Record<string, SQLInputValue>;

/** A row as named parameters. */
export function rowValues(row: HistoryRow): Given {
  const { channel, step, atMs: at, min, max, maxAtMs: maxAt, last, lastAtMs: lastAt } = row;
  return { channel, step, at, min, max, maxAt, last, lastAt };
}

/** A row as it was found. */
export function rowOf(found: Found): HistoryRow {
  return {
    channel: textOf(found, "channel"),
    step: oneOf(HISTORY_STEPS, textOf(found, "step")),
    atMs: numberOf(found, "at_ms"),
    min: numberOf(found, "min"),
    max: numberOf(found, "max"),
    maxAtMs: numberOf(found, "max_at_ms"),
    last: numberOf(found, "last"),
    lastAtMs: numberOf(found, "last_at_ms"),
  };
}

/** A peak record as named parameters. */
export function recordValues(record: PeakRecord): Given {
  const { channel, scope, peak, resetAtMs, reason, previous } = record;
  return {
    channel,
    scope,
    count: peak?.count ?? null,
    at: peak?.atMs ?? null,
    resetAt: resetAtMs,
    reason,
    previousCount: previous?.count ?? null,
    previousAt: previous?.atMs ?? null,
  };
}

/** A peak record as it was found. */
export function recordOf(found: Found): PeakRecord {
  return {
    channel: textOf(found, "channel"),
    scope: oneOf(PEAK_SCOPES, textOf(found, "scope")),
    peak: peakOf(found, "count", "at_ms"),
    resetAtMs: numberOf(found, "reset_at_ms"),
    reason: textOf(found, "reason"),
    previous: peakOf(found, "previous_count", "previous_at_ms"),
  };
}

/** The peak in two columns; `null` where they are empty. */
export function peakOf(found: Found, count: string, at: string): Peak | null {
  return found[count] === null ? null : { count: numberOf(found, count), atMs: numberOf(found, at) };
}

export function textOf(found: Found, column: string): string {
  const value = found[column];
  if (typeof value !== "string") throw new TypeError(`${column} is no text`);
  return value;
}

function numberOf(found: Found, column: string): number {
  const value = found[column];
  if (typeof value !== "number") throw new TypeError(`${column} is no number`);
  return value;
}

function oneOf<T extends string>(known: readonly T[], text: string): T {
  const value = known.find((candidate) => candidate === text);
  if (value === undefined) throw new TypeError(`${text} is none of ${known.join(", ")}`);
  return value;
}
