import { createDayCalendar } from "./day-calendar.ts";
import { createHistoryStore } from "./history-store.ts";
import { openDatabase } from "./sqlite/database.ts";
import { openedLate } from "./sqlite/late-tables.ts";
import { createSqliteTables } from "./sqlite/tables.ts";
import type { HistoryStore } from "./store.ts";
import type { HistoryTables } from "./tables.ts";

/** Options of {@link openSqliteHistoryStore}. */
export interface SqliteHistoryOptions {
  /** The file; it and its folder are made where they are missing. */
  readonly path: string;
  /** Where a day begins, as an IANA name. @default UTC */
  readonly timeZone?: string;
}

/**
 * Opens a history kept in one SQLite file, which any number of processes of one machine may share. What was added
 * is there after a SIGKILL.
 *
 * @example
 * const history = await openSqliteHistoryStore({ path: "data/history.sqlite" });
 * await history.addSample({ channel: "site", count: 12, atMs: Date.now() });
 *
 * @throws {HistoryError} `PRESENCE_INVALID_OPTION` for an unknown time zone; `PRESENCE_HISTORY_CORRUPT` for a file
 * that is damaged or none of SQLite's; `PRESENCE_HISTORY_TOO_NEW` for one of a newer version;
 * `PRESENCE_HISTORY_FULL` where there is no room; `PRESENCE_HISTORY_UNAVAILABLE` where the file cannot be opened
 * or others hold it for more than two seconds.
 */
export async function openSqliteHistoryStore(options: SqliteHistoryOptions): Promise<HistoryStore> {
  const { path, timeZone = "UTC" } = options;
  const calendar = createDayCalendar(timeZone);
  return createHistoryStore(await openTables(path), calendar);
}

/**
 * The same, opened with the first call: a file that cannot be opened fails that call with what
 * {@link openSqliteHistoryStore} would throw, and the next one tries again.
 *
 * @throws {HistoryError} `PRESENCE_INVALID_OPTION` for an unknown time zone.
 */
export function connectSqliteHistoryStore({ path, timeZone = "UTC" }: SqliteHistoryOptions): HistoryStore {
  const calendar = createDayCalendar(timeZone);
  return createHistoryStore(
    openedLate("sqlite", () => openTables(path)),
    calendar,
  );
}

async function openTables(path: string): Promise<HistoryTables> {
  const database = await openDatabase(path);
  try {
    return await createSqliteTables(database);
  } catch (error) {
    await database.close();
    throw error;
  }
}
