/** Every reason this package refuses or fails, as a stable text. Nobody needs to match on messages. */
export type PresenceErrorCode =
  | "PRESENCE_INVALID_VISITOR"
  | "PRESENCE_INVALID_CHANNEL"
  | "PRESENCE_CHANNEL_NOT_ALLOWED"
  | "PRESENCE_TOO_MANY_CHANNELS"
  | "PRESENCE_INVALID_WINDOW"
  | "PRESENCE_INVALID_LIMIT"
  | "PRESENCE_INVALID_CURSOR"
  | "PRESENCE_INVALID_TIME"
  | "PRESENCE_TIME_IN_FUTURE"
  | "PRESENCE_TIME_EXPIRED"
  | "PRESENCE_INVALID_OPTION"
  | "PRESENCE_STORE_UNAVAILABLE"
  | "PRESENCE_STORE_REFUSED"
  | "PRESENCE_BUFFER_FULL"
  | "PRESENCE_CLOSED";

/** A refusal or failure with a stable {@link PresenceErrorCode}; the store's own error is its `cause`. */
export class PresenceError extends Error {
  override readonly name = "PresenceError";
  readonly code: PresenceErrorCode;

  constructor(code: PresenceErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** Whether `error` means that the store could not be asked, as opposed to the question being wrong. */
export function isStoreFailure(error: unknown): error is PresenceError {
  return (
    error instanceof PresenceError &&
    (error.code === "PRESENCE_STORE_UNAVAILABLE" || error.code === "PRESENCE_STORE_REFUSED")
  );
}
