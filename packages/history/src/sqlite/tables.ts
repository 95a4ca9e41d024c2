import type { DatabaseSync } from "node:sqlite";
import type { HistoryTables } from "../tables.ts";
import type { HistoryRow, HistoryStep } from "../types.ts";
import type { SqliteDatabase } from "./database.ts";
import { peakOf, recordOf, recordValues, rowOf, rowValues, textOf } from "./values.ts";

/** Rows that go at a time: a millisecond or two of the event loop. */
const REMOVED_AT_A_TIME = 1_000;

// Expressions on the right see the row as it was: no assignment disturbs the next one.
const ADD_ROW = `
  INSERT INTO presence_samples VALUES (:channel, :step, :at, :min, :max, :maxAt, :last, :lastAt)
  ON CONFLICT DO UPDATE SET
    min = min(min, excluded.min),
    max = max(max, excluded.max),
    max_at_ms = CASE
      WHEN excluded.max > max THEN excluded.max_at_ms
      WHEN excluded.max = max THEN min(max_at_ms, excluded.max_at_ms)
      ELSE max_at_ms END,
    last = CASE
      WHEN excluded.last_at_ms > last_at_ms THEN excluded.last
      WHEN excluded.last_at_ms = last_at_ms THEN max(last, excluded.last)
      ELSE last END,
    last_at_ms = max(last_at_ms, excluded.last_at_ms)`;

const RAISE_PEAKS = `
  UPDATE presence_peaks SET count = :count, at_ms = :at
  WHERE channel = :channel AND reset_at_ms < :at
    AND (count IS NULL OR count < :count OR (count = :count AND at_ms > :at))`;

const ROWS = `
  SELECT * FROM presence_samples
  WHERE step = :step AND channel = :channel AND at_ms >= :start AND at_ms < :end ORDER BY at_ms`;

const HIGHEST_DAY = `
  SELECT max AS count, max_at_ms AS at_ms FROM presence_samples
  WHERE step = 'day' AND channel = :channel AND at_ms >= :start AND at_ms < :end
  ORDER BY max DESC, max_at_ms LIMIT 1`;

const PEAKS = "SELECT * FROM presence_peaks WHERE channel = :channel";

const BEGIN_PEAK = `
  INSERT INTO presence_peaks
  VALUES (:channel, :scope, :count, :at, :resetAt, :reason, :previousCount, :previousAt)
  ON CONFLICT DO UPDATE SET
    count = excluded.count, at_ms = excluded.at_ms, reset_at_ms = excluded.reset_at_ms,
    reason = excluded.reason, previous_count = excluded.previous_count, previous_at_ms = excluded.previous_at_ms
  WHERE excluded.reset_at_ms > reset_at_ms`;

// Every channel that ever had a row has one of a day.
const CHANNEL_WITH_OLD = `
  SELECT channel FROM (SELECT DISTINCT channel FROM presence_samples WHERE step = 'day') AS channels
  WHERE EXISTS (
    SELECT 1 FROM presence_samples
    WHERE step = :step AND channel = channels.channel AND at_ms < :before
  ) LIMIT 1`;

const REMOVE = `
  DELETE FROM presence_samples
  WHERE step = :step AND channel = :channel AND at_ms IN (
    SELECT at_ms FROM presence_samples
    WHERE step = :step AND channel = :channel AND at_ms < :before ORDER BY at_ms LIMIT :limit
  )`;

/** The tables of a file that is open. */
export async function createSqliteTables(database: SqliteDatabase): Promise<HistoryTables> {
  const sql = await database.run(prepare);

  function removeSome(step: HistoryStep, before: number): number {
    const found = sql.channelWithOld.get({ step, before });
    if (found === undefined) return 0;
    const channel = textOf(found, "channel");
    return Number(sql.remove.run({ step, channel, before, limit: REMOVED_AT_A_TIME }).changes);
  }

  return {
    name: "sqlite",

    add: (rows, { channel, count, atMs }) =>
      database.transaction(() => {
        for (const row of rows) sql.addRow.run(rowValues(row));
        sql.raisePeaks.run({ channel, count, at: atMs });
      }),

    rows: (channel, step, { startMs, endMs }) =>
      database.run((): HistoryRow[] =>
        sql.rows.all({ channel, step, start: startMs, end: endMs }).map(rowOf),
      ),

    highestDay: (channel, { startMs, endMs }) =>
      database.run(() => {
        const found = sql.highestDay.get({ channel, start: startMs, end: endMs });
        return found === undefined ? null : peakOf(found, "count", "at_ms");
      }),

    peakRecords: (channel) => database.run(() => sql.peaks.all({ channel }).map(recordOf)),
    beginPeak: (record) => database.run(() => void sql.beginPeak.run(recordValues(record))),
    removeSome: (step, beforeMs) => database.transaction(() => removeSome(step, beforeMs)),
    close: () => database.close(),
  };
}

function prepare(database: DatabaseSync) {
  return {
    addRow: database.prepare(ADD_ROW),
    raisePeaks: database.prepare(RAISE_PEAKS),
    rows: database.prepare(ROWS),
    highestDay: database.prepare(HIGHEST_DAY),
    peaks: database.prepare(PEAKS),
    beginPeak: database.prepare(BEGIN_PEAK),
    channelWithOld: database.prepare(CHANNEL_WITH_OLD),
    remove: database.prepare(REMOVE),
  };
}
