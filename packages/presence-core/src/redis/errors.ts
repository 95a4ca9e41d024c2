import { PresenceError } from "../errors.ts";

/** Answers by which a server says "not now" or "not here": the question was fine. Codes of the Redis protocol. */
const PASSING_CODES = new Set([
  "LOADING",
  "READONLY",
  "CLUSTERDOWN",
  "MASTERDOWN",
  "TRYAGAIN",
  "MOVED",
  "ASK",
  "BUSY",
  "NOREPLICAS",
  "UNBLOCKED",
]);

/** Any error of the client or the server as a {@link PresenceError}: refused, or unavailable. */
export function toPresenceError(error: unknown): PresenceError {
  if (error instanceof PresenceError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const isReply = error instanceof Error && error.name === "ReplyError";
  const code = message.split(" ", 1)[0] ?? "";
  if (isReply && !PASSING_CODES.has(code)) {
    return new PresenceError("PRESENCE_STORE_REFUSED", `the store refused: ${message}`, { cause: error });
  }
  return new PresenceError("PRESENCE_STORE_UNAVAILABLE", `the store cannot be reached: ${message}`, {
    cause: error,
  });
}
