import { HistoryError } from "../errors.ts";

// https://www.sqlite.org/rescode.html: the low byte is the primary code.
const PRIMARY_CODE_MASK = 0xff;
const SQLITE_BUSY = 5;
const SQLITE_LOCKED = 6;
const SQLITE_CORRUPT = 11;
const SQLITE_FULL = 13;
const SQLITE_NOTADB = 26;

/** Whether another connection holds the file for the moment. */
export function isBusy(error: unknown): boolean {
  const code = primaryCode(error);
  return code === SQLITE_BUSY || code === SQLITE_LOCKED;
}

/** What an error of SQLite means to the caller; a `HistoryError` stays as it is. */
export function historyErrorOf(error: unknown, path: string): HistoryError {
  if (error instanceof HistoryError) return error;
  switch (primaryCode(error)) {
    case SQLITE_FULL:
      return new HistoryError("PRESENCE_HISTORY_FULL", `there is no room left for the history ${path}`, {
        cause: error,
      });
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return new HistoryError(
        "PRESENCE_HISTORY_CORRUPT",
        `the history ${path} is damaged or no SQLite file: put a backup in its place, or move it away ` +
          "(with its -wal and -shm) and a new one is begun",
        { cause: error },
      );
    default:
      return new HistoryError(
        "PRESENCE_HISTORY_UNAVAILABLE",
        `the history ${path} cannot be used: ${messageOf(error)}`,
        { cause: error },
      );
  }
}

function primaryCode(error: unknown): number | null {
  if (!(error instanceof Error && "errcode" in error && typeof error.errcode === "number")) return null;
  return error.errcode & PRIMARY_CODE_MASK;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
