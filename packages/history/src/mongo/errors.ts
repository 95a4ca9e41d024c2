import { MongoServerError } from "mongodb";
import { HistoryError } from "../errors.ts";

// https://www.mongodb.com/docs/manual/reference/error-codes/
const DUPLICATE_KEY = 11_000;
const OUT_OF_DISK_SPACE = 14_031;

/** Whether two upserts of a new document met: the one that came second finds it when it tries again. */
export function isDuplicateKey(error: unknown): boolean {
  return error instanceof MongoServerError && error.code === DUPLICATE_KEY;
}

/** What an error of the driver means to the caller; a `HistoryError` stays as it is. */
export function historyErrorOf(error: unknown): HistoryError {
  if (error instanceof HistoryError) return error;
  if (error instanceof MongoServerError && error.code === OUT_OF_DISK_SPACE) {
    return new HistoryError("PRESENCE_HISTORY_FULL", "MongoDB has no room left for the history", {
      cause: error,
    });
  }
  const message = error instanceof Error ? error.message : String(error);
  return new HistoryError("PRESENCE_HISTORY_UNAVAILABLE", `MongoDB cannot be asked: ${message}`, {
    cause: error,
  });
}
