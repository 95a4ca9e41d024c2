import type { DayCalendar } from "./day-calendar.ts";
import { HistoryError } from "./errors.ts";
import { joinRows, type RowValues } from "./rows.ts";
import { coarserStep, DAY_SHIFT_MS, spanAt, type Span } from "./steps.ts";
import { HISTORY_STEPS, type HistoryPoint, type HistoryRow, type HistoryStep } from "./types.ts";
import { assertInstant } from "./validate.ts";

/** Most points of one range. */
export const MAX_POINTS = 1_500;

/** What is asked of a range: every point that shares time with [`fromMs`, `toMs`). */
export interface RangeQuery {
  /** Inclusive, in whole epoch milliseconds. */
  readonly fromMs: number;
  /** Exclusive, in whole epoch milliseconds. */
  readonly toMs: number;
  readonly step: HistoryStep;
}

/**
 * The finest step that answers [`fromMs`, `toMs`) in at most {@link MAX_POINTS} points; else `day`.
 *
 * @throws {HistoryError} `PRESENCE_INVALID_TIME` for an instant that is none.
 */
export function finestStep(span: Omit<RangeQuery, "step">, calendar: DayCalendar): HistoryStep {
  assertInstant("from", span.fromMs);
  assertInstant("to", span.toMs);
  return HISTORY_STEPS.find((step) => spansOf({ ...span, step }, calendar) !== null) ?? "day";
}

/**
 * The minutes, hours or days of a range, in order.
 *
 * @throws {HistoryError} `PRESENCE_RANGE_TOO_LONG`, naming a coarser step that fits; `PRESENCE_INVALID_TIME`
 * where `toMs` is not after `fromMs`.
 */
export function planRange(query: RangeQuery, calendar: DayCalendar): readonly Span[] {
  assertInstant("from", query.fromMs);
  assertInstant("to", query.toMs);
  if (query.toMs <= query.fromMs) {
    throw new HistoryError("PRESENCE_INVALID_TIME", "the end of a range must be after its begin");
  }
  const spans = spansOf(query, calendar);
  if (spans === null) throw new HistoryError("PRESENCE_RANGE_TOO_LONG", tooLong(query, calendar));
  return spans;
}

/** Each span with what `rows` say of it, in order; nulls where they say nothing. */
export function fillRange(
  spans: readonly Span[],
  step: HistoryStep,
  rows: readonly HistoryRow[],
): HistoryPoint[] {
  const found = new Map<number, RowValues>();
  for (const row of rows) {
    const span = spanOfRow(spans, step, row);
    if (span === undefined) continue;
    const known = found.get(span.startMs);
    found.set(span.startMs, known === undefined ? row : joinRows(known, row));
  }
  return spans.map(({ startMs }) => pointOf(startMs, found.get(startMs) ?? null));
}

/** Between which instants the rows of `spans` begin. */
export function rowBounds(spans: readonly Span[], step: HistoryStep): Span {
  const shiftMs = step === "day" ? DAY_SHIFT_MS : 0;
  return { startMs: (spans[0]?.startMs ?? 0) - shiftMs, endMs: (spans.at(-1)?.endMs ?? 0) - shiftMs };
}

function pointOf(atMs: number, values: RowValues | null): HistoryPoint {
  if (values === null) return { atMs, min: null, max: null, maxAtMs: null, last: null };
  const { min, max, maxAtMs, last } = values;
  return { atMs, min, max, maxAtMs, last };
}

/** Spans are in order: the one a row belongs to is found by halving. */
function spanOfRow(spans: readonly Span[], step: HistoryStep, { atMs }: HistoryRow): Span | undefined {
  const insideMs = step === "day" ? atMs + DAY_SHIFT_MS : atMs;
  let [low, high] = [0, spans.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((spans[middle]?.endMs ?? Infinity) <= insideMs) low = middle + 1;
    else high = middle;
  }
  const span = spans[low];
  return span !== undefined && span.startMs <= insideMs ? span : undefined;
}

/** `null` where there are too many. */
function spansOf({ fromMs, toMs, step }: RangeQuery, calendar: DayCalendar): Span[] | null {
  const spans: Span[] = [];
  for (let atMs = fromMs; atMs < toMs;) {
    if (spans.length === MAX_POINTS) return null;
    const span = spanAt(step, atMs, calendar);
    spans.push(span);
    atMs = span.endMs;
  }
  return spans;
}

function tooLong(query: RangeQuery, calendar: DayCalendar): string {
  const most = `at most ${MAX_POINTS.toLocaleString("en-US")} points`;
  for (let step = coarserStep(query.step); step !== null; step = coarserStep(step)) {
    if (spansOf({ ...query, step }, calendar) === null) continue;
    return `a range has ${most}: ask for step=${step}, or for fewer ${query.step}s`;
  }
  return `a range has ${most}: ask for step=day, and for fewer days`;
}
