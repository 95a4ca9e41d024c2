import type { DayCalendar } from "./day-calendar.ts";
import { spanAt } from "./steps.ts";
import { HISTORY_STEPS, type HistoryRow, type HistoryStep, type Peak, type Sample } from "./types.ts";

/** What a row says of its time. */
export type RowValues = Omit<HistoryRow, "channel" | "step" | "atMs">;

/** The rows one sample makes: its minute, its hour and its day. */
export function rowsOf(sample: Sample, calendar: DayCalendar): readonly HistoryRow[] {
  return HISTORY_STEPS.map((step) => rowOf(sample, step, calendar));
}

function rowOf({ channel, count, atMs }: Sample, step: HistoryStep, calendar: DayCalendar): HistoryRow {
  const { startMs } = spanAt(step, atMs, calendar);
  return {
    channel,
    step,
    atMs: startMs,
    min: count,
    max: count,
    maxAtMs: atMs,
    last: count,
    lastAtMs: atMs,
  };
}

/**
 * What two rows say together. Neither order nor repetition of samples matters: of two highest the earlier one is
 * kept, of two latest the higher one.
 */
export function joinRows(a: RowValues, b: RowValues): RowValues {
  const highest = higherPeak({ count: a.max, atMs: a.maxAtMs }, { count: b.max, atMs: b.maxAtMs });
  const latest = isLater(a, b) ? a : b;
  return {
    min: Math.min(a.min, b.min),
    max: highest.count,
    maxAtMs: highest.atMs,
    last: latest.last,
    lastAtMs: latest.lastAtMs,
  };
}

/** The higher of two, the earlier of two equal ones. */
export function higherPeak(a: Peak, b: Peak): Peak {
  if (a.count !== b.count) return a.count > b.count ? a : b;
  return a.atMs <= b.atMs ? a : b;
}

function isLater(a: RowValues, b: RowValues): boolean {
  return a.lastAtMs === b.lastAtMs ? a.last > b.last : a.lastAtMs > b.lastAtMs;
}
