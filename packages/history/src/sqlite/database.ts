import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as delay } from "node:timers/promises";
import { HistoryError } from "../errors.ts";
import { historyErrorOf, isBusy } from "./errors.ts";
import { migrate } from "./schema.ts";

/** Longest a wait inside SQLite stops the event loop, in milliseconds. */
const BUSY_WAIT_MS = 20;

/** Between two attempts the event loop runs, for this long. */
const PAUSE_MS = 30;

/** How long a file may be held by others before the call fails, in milliseconds. */
const BUSY_LIMIT_MS = 2_000;

/** One connection to a file, with errors as callers expect them. */
export interface SqliteDatabase {
  /** Runs `work`, which must not wait for anything, again while another process holds the file. */
  run<T>(work: (database: DatabaseSync) => T): Promise<T>;
  /** The same, within a transaction: all of `work` or nothing. */
  transaction<T>(work: (database: DatabaseSync) => T): Promise<T>;
  close(): Promise<void>;
}

/**
 * Opens or makes the file, and brings it to the newest version.
 *
 * @throws {HistoryError} where that cannot be: see `openSqliteHistoryStore`.
 */
export async function openDatabase(path: string): Promise<SqliteDatabase> {
  try {
    await mkdir(dirname(path), { recursive: true });
    const database = new DatabaseSync(path, { timeout: BUSY_WAIT_MS });
    try {
      await untilFree(() => prepareFile(database, path));
    } catch (error) {
      database.close();
      throw error;
    }
    return overDatabase(database, path);
  } catch (error) {
    throw historyErrorOf(error, path);
  }
}

function prepareFile(database: DatabaseSync, path: string): void {
  // Readers and a writer do not wait for each other; what is committed survives the death of the process. A power
  // cut may take the latest commits, never the file: an fsync each would stop the event loop.
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
  migrate(database, path);
}

/** A connection that is open and prepared. */
export function overDatabase(database: DatabaseSync, path: string): SqliteDatabase {
  async function run<T>(work: (database: DatabaseSync) => T): Promise<T> {
    try {
      return await untilFree(() => {
        if (!database.isOpen) throw new HistoryError("PRESENCE_CLOSED", "the history is closed");
        return work(database);
      });
    } catch (error) {
      throw historyErrorOf(error, path);
    }
  }
  return {
    run,
    transaction: (work) => run(() => inTransaction(database, work)),
    async close() {
      if (database.isOpen) database.close();
    },
  };
}

function inTransaction<T>(database: DatabaseSync, work: (database: DatabaseSync) => T): T {
  database.exec("BEGIN IMMEDIATE");
  try {
    const result = work(database);
    database.exec("COMMIT");
    return result;
  } catch (error) {
    // Some failures, a full disk among them, have rolled back already.
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}

async function untilFree<T>(work: () => T): Promise<T> {
  const deadlineMs = performance.now() + BUSY_LIMIT_MS;
  for (;;) {
    try {
      return work();
    } catch (error) {
      if (!isBusy(error) || performance.now() >= deadlineMs) throw error;
    }
    await delay(PAUSE_MS);
  }
}
