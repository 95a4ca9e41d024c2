/** Every reason this package refuses or fails, as a stable text. Nobody needs to match on messages. */
export type HistoryErrorCode =
  | "PRESENCE_INVALID_CHANNEL"
  | "PRESENCE_INVALID_TIME"
  | "PRESENCE_INVALID_OPTION"
  | "PRESENCE_RANGE_TOO_LONG"
  | "PRESENCE_HISTORY_UNAVAILABLE"
  | "PRESENCE_HISTORY_FULL"
  | "PRESENCE_HISTORY_CORRUPT"
  | "PRESENCE_HISTORY_TOO_NEW"
  | "PRESENCE_CLOSED";

const FAILURES: ReadonlySet<HistoryErrorCode> = new Set([
  "PRESENCE_HISTORY_UNAVAILABLE",
  "PRESENCE_HISTORY_FULL",
  "PRESENCE_HISTORY_CORRUPT",
  "PRESENCE_HISTORY_TOO_NEW",
]);

/** A refusal or failure with a stable {@link HistoryErrorCode}; the store's own error is its `cause`. */
export class HistoryError extends Error {
  override readonly name = "HistoryError";
  readonly code: HistoryErrorCode;

  constructor(code: HistoryErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** Whether `error` means that the history could not be asked, as opposed to the question being wrong. */
export function isHistoryFailure(error: unknown): error is HistoryError {
  return error instanceof HistoryError && FAILURES.has(error.code);
}
