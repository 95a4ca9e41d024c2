import { HistoryError } from "./errors.ts";

/** The end of the year 9999: what ISO 8601 writes with four digits. */
const MAX_INSTANT_MS = Date.UTC(10_000, 0) - 1;

const CHANNEL = /^[\x21-\x7e]{1,200}$/;

/** Longest reason of a reset, in characters (Unicode code points). */
export const MAX_REASON_LENGTH = 200;

/** @throws {HistoryError} `PRESENCE_INVALID_CHANNEL` */
export function assertChannel(channel: string): void {
  if (!CHANNEL.test(channel)) {
    throw new HistoryError("PRESENCE_INVALID_CHANNEL", "channel must be 1 to 200 printable ASCII characters");
  }
}

/** @throws {HistoryError} `PRESENCE_INVALID_TIME` unless a whole number of milliseconds from 1970 to 9999. */
export function assertInstant(name: string, atMs: number): void {
  if (!Number.isInteger(atMs) || atMs < 0 || atMs > MAX_INSTANT_MS) {
    throw new HistoryError(
      "PRESENCE_INVALID_TIME",
      `${name} must be whole epoch milliseconds up to the year 9999, not ${String(atMs)}`,
    );
  }
}

/** @throws {HistoryError} `PRESENCE_INVALID_OPTION` */
export function assertCount(count: number): void {
  if (!Number.isSafeInteger(count) || count < 0) {
    throw new HistoryError("PRESENCE_INVALID_OPTION", `count must be a whole number, not ${String(count)}`);
  }
}

/** @throws {HistoryError} `PRESENCE_INVALID_OPTION` */
export function assertReason(reason: string): void {
  if (reason.trim() === "" || Array.from(reason).length > MAX_REASON_LENGTH) {
    throw new HistoryError(
      "PRESENCE_INVALID_OPTION",
      `a reset needs a reason of 1 to ${MAX_REASON_LENGTH} characters`,
    );
  }
}
