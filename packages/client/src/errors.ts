import type { Problem, ProblemCode } from "@presence/api-contract";

/**
 * What went wrong, by what a caller can do about it.
 * - `unreachable`: no connection, or it broke before the answer was whole
 * - `timeout`: no whole answer within `timeoutMs`
 * - `refused`: the server said no (4xx, or a redirect), asking again changes nothing (429: later it may)
 * - `failed`: the server could not (5xx)
 * - `invalid-answer`: what came is no answer of Presence: not JSON, or of another shape
 * - `invalid-option`: the client was made or called wrongly; nothing was sent
 */
export type PresenceClientErrorKind =
  | "unreachable"
  | "timeout"
  | "refused"
  | "failed"
  | "invalid-answer"
  | "invalid-option";

/** The server's own code where it gave one, else one of the client's; newer servers may have more. */
export type PresenceClientErrorCode =
  | ProblemCode
  | "PRESENCE_CLIENT_UNREACHABLE"
  | "PRESENCE_CLIENT_TIMEOUT"
  | "PRESENCE_CLIENT_REDIRECTED"
  | "PRESENCE_CLIENT_REFUSED"
  | "PRESENCE_CLIENT_FAILED"
  | "PRESENCE_CLIENT_INVALID_ANSWER"
  | "PRESENCE_CLIENT_INVALID_OPTION"
  | (string & {});

/** Details of a {@link PresenceClientError}. */
export interface PresenceClientErrorDetails {
  readonly kind: PresenceClientErrorKind;
  readonly code: PresenceClientErrorCode;
  readonly status?: number;
  readonly problem?: Problem;
  readonly retryAfterMs?: number;
  readonly cause?: unknown;
}

/** A call that did not get its answer. Its message names the method and the address, never a token. */
export class PresenceClientError extends Error {
  override readonly name = "PresenceClientError";
  readonly kind: PresenceClientErrorKind;
  /** Stable; compare this, never the message. */
  readonly code: PresenceClientErrorCode;
  /** Status of the answer; `null` where none came. */
  readonly status: number | null;
  /** What the server said (RFC 9457); `null` where it said nothing of that form. */
  readonly problem: Problem | null;
  /** How long the server asks to wait, in milliseconds; `null` where it does not. */
  readonly retryAfterMs: number | null;

  constructor(message: string, details: PresenceClientErrorDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.kind = details.kind;
    this.code = details.code;
    this.status = details.status ?? null;
    this.problem = details.problem ?? null;
    this.retryAfterMs = details.retryAfterMs ?? null;
  }
}

const STATUSES_OF_ABSENCE: ReadonlySet<number | null> = new Set([502, 503, 504]);

/** Whether `error` means that nobody could answer just now: unreachable, too slow, or 502, 503, 504. */
export function isUnavailable(error: unknown): error is PresenceClientError {
  if (!(error instanceof PresenceClientError)) return false;
  return error.kind === "unreachable" || error.kind === "timeout" || STATUSES_OF_ABSENCE.has(error.status);
}
