import type { DatabaseSync } from "node:sqlite";
import { HistoryError } from "../errors.ts";

/**
 * How a file of an older version becomes one of this: the first statement makes version 1 of an empty file, the
 * second would make 2 of 1. A version that was published is never changed, only followed by another.
 */
export const MIGRATIONS: readonly string[] = [
  `CREATE TABLE presence_samples (
    channel TEXT NOT NULL,
    step TEXT NOT NULL CHECK (step IN ('minute', 'hour', 'day')),
    at_ms INTEGER NOT NULL,
    min INTEGER NOT NULL,
    max INTEGER NOT NULL,
    max_at_ms INTEGER NOT NULL,
    last INTEGER NOT NULL,
    last_at_ms INTEGER NOT NULL,
    PRIMARY KEY (step, channel, at_ms)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE presence_peaks (
    channel TEXT NOT NULL,
    scope TEXT NOT NULL CHECK (scope IN ('today', 'last7Days', 'allTime')),
    count INTEGER,
    at_ms INTEGER,
    reset_at_ms INTEGER NOT NULL,
    reason TEXT NOT NULL,
    previous_count INTEGER,
    previous_at_ms INTEGER,
    PRIMARY KEY (channel, scope)
  ) STRICT, WITHOUT ROWID;`,
];

/**
 * Brings a file to the newest version, all of it or nothing. Any number of processes may do so at once.
 *
 * @throws {HistoryError} `PRESENCE_HISTORY_TOO_NEW` for a file of a version this one does not know.
 */
export function migrate(
  database: DatabaseSync,
  path: string,
  migrations: readonly string[] = MIGRATIONS,
): void {
  if (versionOf(database) === migrations.length) return;
  database.exec("BEGIN IMMEDIATE");
  try {
    // Asked again: another process may have been quicker.
    const version = versionOf(database);
    if (version > migrations.length) throw tooNew(path, version, migrations.length);
    for (const statements of migrations.slice(version)) database.exec(statements);
    database.exec(`PRAGMA user_version = ${migrations.length}`);
    database.exec("COMMIT");
  } catch (error) {
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}

function versionOf(database: DatabaseSync): number {
  return Number(database.prepare("PRAGMA user_version").get()?.["user_version"] ?? 0);
}

function tooNew(path: string, version: number, known: number): HistoryError {
  return new HistoryError(
    "PRESENCE_HISTORY_TOO_NEW",
    `the history ${path} has version ${version}, this Presence knows ${known}: it was written by a newer one, run that`,
  );
}
