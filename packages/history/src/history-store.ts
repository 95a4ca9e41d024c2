import type { DayCalendar } from "./day-calendar.ts";
import { HistoryError } from "./errors.ts";
import { dayRowsOf, highestAfter, peakPeriod, resetsOf, tellingRecord } from "./peaks.ts";
import { fillRange, planRange, rowBounds } from "./range.ts";
import { rowsOf } from "./rows.ts";
import { KEPT_MS, spanAt } from "./steps.ts";
import type { HistoryStore, RetainOptions } from "./store.ts";
import type { HistoryTables, PeakRecord } from "./tables.ts";
import type { HistoryStep, Peak, Peaks, PeakScope } from "./types.ts";
import { assertChannel, assertCount, assertInstant, assertReason } from "./validate.ts";

/** The history over a database's tables: what is asked of it is checked here, and what it means decided. */
export function createHistoryStore(tables: HistoryTables, calendar: DayCalendar): HistoryStore {
  const { timeZone } = calendar;
  let closing: Promise<void> | null = null;

  function assertOpen(): void {
    if (closing !== null) throw new HistoryError("PRESENCE_CLOSED", "the history is closed");
  }

  async function peakOf(
    channel: string,
    scope: PeakScope,
    nowMs: number,
    records: readonly PeakRecord[],
  ): Promise<Peak | null> {
    const period = peakPeriod(scope, nowMs, calendar);
    const record = tellingRecord(records, scope, period);
    return record === null ? tables.highestDay(channel, dayRowsOf(period)) : record.peak;
  }

  async function peaks(channel: string, nowMs: number): Promise<Peaks> {
    const records = await tables.peakRecords(channel);
    const [today, last7Days, allTime] = await Promise.all([
      peakOf(channel, "today", nowMs, records),
      peakOf(channel, "last7Days", nowMs, records),
      peakOf(channel, "allTime", nowMs, records),
    ]);
    return { channel, asOfMs: nowMs, timeZone, today, last7Days, allTime, resets: resetsOf(records) };
  }

  async function removeOld(step: HistoryStep, nowMs: number, { signal }: RetainOptions): Promise<number> {
    const { startMs: beforeMs } = spanAt(step, nowMs - KEPT_MS[step], calendar);
    let removed = 0;
    while (signal?.aborted !== true) {
      const some = await tables.removeSome(step, beforeMs);
      if (some === 0) break;
      removed += some;
    }
    return removed;
  }

  return {
    name: tables.name,
    timeZone,

    async addSample(sample) {
      assertOpen();
      assertChannel(sample.channel);
      assertInstant("a sample's time", sample.atMs);
      assertCount(sample.count);
      await tables.add(rowsOf(sample, calendar), sample);
    },

    async range(channel, query) {
      assertOpen();
      assertChannel(channel);
      const spans = planRange(query, calendar);
      return fillRange(
        spans,
        query.step,
        await tables.rows(channel, query.step, rowBounds(spans, query.step)),
      );
    },

    async peaks(channel, nowMs) {
      assertOpen();
      assertChannel(channel);
      assertInstant("now", nowMs);
      return peaks(channel, nowMs);
    },

    async resetPeak(channel, scope, { reason, nowMs }) {
      assertOpen();
      assertChannel(channel);
      assertInstant("now", nowMs);
      assertReason(reason);
      const previous = await peakOf(channel, scope, nowMs, await tables.peakRecords(channel));
      const record = { channel, scope, peak: null, resetAtMs: nowMs, reason, previous };
      await tables.beginPeak(record);
      // A sample of a moment later may have come first: it belongs to the new record.
      const { startMs } = spanAt("minute", nowMs, calendar);
      const minutes = await tables.rows(channel, "minute", { startMs, endMs: Number.MAX_SAFE_INTEGER });
      const peak = highestAfter(minutes, nowMs);
      if (peak !== null) await tables.add([], { channel, ...peak });
      return peaks(channel, nowMs);
    },

    async retain(nowMs, options = {}) {
      assertOpen();
      assertInstant("now", nowMs);
      const minutes = await removeOld("minute", nowMs, options);
      return { minutes, hours: await removeOld("hour", nowMs, options) };
    },

    close: () => (closing ??= tables.close()),
  };
}
