import type { DayCalendar } from "./day-calendar.ts";
import { HISTORY_STEPS, type HistoryStep } from "./types.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** How long rows of a step are kept, in milliseconds: minutes 30 days, hours 400 days, days for ever. */
export const KEPT_MS: Readonly<Record<HistoryStep, number>> = {
  minute: 30 * DAY_MS,
  hour: 400 * DAY_MS,
  day: Infinity,
};

/** A span of time, `startMs` inclusive, `endMs` exclusive. */
export interface Span {
  readonly startMs: number;
  readonly endMs: number;
}

/** The minute, hour or day in which `atMs` lies. */
export function spanAt(step: HistoryStep, atMs: number, calendar: DayCalendar): Span {
  if (step === "day") return calendar.dayAt(atMs);
  const lengthMs = step === "minute" ? MINUTE_MS : HOUR_MS;
  const startMs = Math.floor(atMs / lengthMs) * lengthMs;
  return { startMs, endMs: startMs + lengthMs };
}

/** The next coarser step, or `null` for the coarsest. */
export function coarserStep(step: HistoryStep): HistoryStep | null {
  return HISTORY_STEPS[HISTORY_STEPS.indexOf(step) + 1] ?? null;
}

/**
 * A day's row begins within this of the day it tells of. That is 0 until somebody changes the time zone: days
 * that were kept in the former one then tell of the day that holds their middle.
 */
export const DAY_SHIFT_MS: number = DAY_MS / 2;
