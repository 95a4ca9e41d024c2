import type { DayCalendar } from "./day-calendar.ts";
import { higherPeak } from "./rows.ts";
import { DAY_SHIFT_MS, type Span } from "./steps.ts";
import type { PeakRecord } from "./tables.ts";
import { PEAK_SCOPES, type HistoryRow, type Peak, type PeakReset, type PeakScope } from "./types.ts";

const ALL_TIME: Span = { startMs: Number.MIN_SAFE_INTEGER, endMs: Number.MAX_SAFE_INTEGER };

/** When the period of a scope begins and ends, as seen at `nowMs`. */
export function peakPeriod(scope: PeakScope, nowMs: number, calendar: DayCalendar): Span {
  if (scope === "allTime") return ALL_TIME;
  const days = calendar.daysUntil(nowMs, scope === "today" ? 1 : 7);
  return { startMs: days[0]?.startMs ?? nowMs, endMs: days.at(-1)?.endMs ?? nowMs };
}

/** Between which instants the days' rows of a period begin. */
export function dayRowsOf(period: Span): Span {
  return { startMs: period.startMs - DAY_SHIFT_MS, endMs: period.endMs - DAY_SHIFT_MS };
}

/**
 * The record that tells a period's peak, or `null` where the days' rows do. A reset counts as long as it lies in
 * the period; whole days can only tell of a period that begins with one.
 */
export function tellingRecord(
  records: readonly PeakRecord[],
  scope: PeakScope,
  period: Span,
): PeakRecord | null {
  const record = records.find((candidate) => candidate.scope === scope);
  return record !== undefined && record.resetAtMs >= period.startMs ? record : null;
}

/** The last reset of each scope that had one, in the order of scopes. */
export function resetsOf(records: readonly PeakRecord[]): PeakReset[] {
  return PEAK_SCOPES.flatMap((scope) =>
    records
      .filter((record) => record.scope === scope)
      .map(({ resetAtMs, reason, previous }) => ({ scope, atMs: resetAtMs, reason, previous })),
  );
}

/**
 * The highest sample after `afterMs` that minutes tell of. A reset finds so what another process sampled while it
 * was on its way.
 */
export function highestAfter(minutes: readonly HistoryRow[], afterMs: number): Peak | null {
  return minutes
    .flatMap((row) => [
      { count: row.max, atMs: row.maxAtMs },
      { count: row.last, atMs: row.lastAtMs },
    ])
    .filter(({ atMs }) => atMs > afterMs)
    .reduce<Peak | null>((best, peak) => (best === null ? peak : higherPeak(best, peak)), null);
}
