import { createProblem, type Problem, type ProblemCode } from "@presence/api-contract";
import { PresenceError, type PresenceErrorCode } from "@presence/core";
import { HistoryError, type HistoryErrorCode } from "@presence/history";
import { ProblemError } from "./problem.ts";

/** Seconds after which a client may ask a store again that was away. */
const RETRY_AFTER_SECONDS = 2;

const DETAIL_OF_FAILURE: Partial<Record<PresenceErrorCode, string>> = {
  PRESENCE_STORE_UNAVAILABLE:
    "The store of the count cannot be reached, and no earlier value is young enough.",
  PRESENCE_STORE_REFUSED: "The store of the count answers with an error; the server's log says which.",
  PRESENCE_BUFFER_FULL: "Too many sightings wait for the store.",
  PRESENCE_CLOSED: "The server is shutting down.",
};

/** What a question may get wrong; everything else a history tells of is its own failure. */
const CODE_OF_HISTORY_REFUSAL: Partial<Record<HistoryErrorCode, ProblemCode>> = {
  PRESENCE_INVALID_CHANNEL: "PRESENCE_INVALID_CHANNEL",
  PRESENCE_INVALID_TIME: "PRESENCE_INVALID_TIME",
  PRESENCE_INVALID_OPTION: "PRESENCE_INVALID_REQUEST",
  PRESENCE_RANGE_TOO_LONG: "PRESENCE_RANGE_TOO_LONG",
};

/** An error as a client is told of it. */
export interface DescribedError {
  readonly problem: Problem;
  /** Headers that belong to it. */
  readonly headers: Readonly<Record<string, string>>;
}

/** What a client may know of `error`: its own problem, or that something unexpected happened. */
export function describeError(error: unknown): DescribedError {
  if (error instanceof ProblemError) return error;
  if (error instanceof PresenceError) return describePresenceError(error);
  if (error instanceof HistoryError) return describeHistoryError(error);
  return {
    problem: createProblem("PRESENCE_INTERNAL", "Something unexpected happened; the server's log says what."),
    headers: {},
  };
}

function describePresenceError({ code, message }: PresenceError): DescribedError {
  const failure = DETAIL_OF_FAILURE[code];
  if (failure === undefined) return { problem: createProblem(code, sentence(message)), headers: {} };
  return unavailable(code, failure);
}

function describeHistoryError({ code, message }: HistoryError): DescribedError {
  const refusal = CODE_OF_HISTORY_REFUSAL[code];
  if (refusal !== undefined) return { problem: createProblem(refusal, sentence(message)), headers: {} };
  return unavailable(
    "PRESENCE_HISTORY_UNAVAILABLE",
    "The history cannot be asked; the count goes on. The server's log says why.",
  );
}

function unavailable(code: ProblemCode, detail: string): DescribedError {
  return { problem: createProblem(code, detail), headers: { "Retry-After": String(RETRY_AFTER_SECONDS) } };
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
