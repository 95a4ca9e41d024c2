import { PresenceClientError } from "@presence/client";
import { ClientAddressError } from "@presence/client-address";
import { PresenceError } from "@presence/core";
import { HistoryError } from "@presence/history";
import { CliError, EXIT, type ExitCode } from "./errors.ts";
import { sentence } from "./output/sentence.ts";

/** What a failed command tells its caller and its reader. */
export interface Failure {
  readonly exitCode: ExitCode;
  readonly message: string;
}

const UNREACHABLE_STATUSES: ReadonlySet<number | null> = new Set([502, 503, 504]);
const TOKEN_HINT =
  " Give one with --token or PRESENCE_TOKEN; on the server's own machine it is read from PRESENCE_DATA_DIR/admin-token.";

/** The one place where an error becomes a message and an exit code. */
export function failureOf(error: unknown): Failure {
  if (error instanceof CliError) return { exitCode: error.exitCode, message: error.message };
  if (error instanceof PresenceError) return { exitCode: codeOf(error), message: sentence(error.message) };
  if (error instanceof PresenceClientError) return clientFailure(error);
  if (error instanceof ClientAddressError) return { exitCode: EXIT.usage, message: error.message };
  if (error instanceof HistoryError) return historyFailure(error);
  // A mistake of this program: who reports it needs to say where.
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { exitCode: EXIT.failed, message: `This is a mistake in presence-cli itself. ${text}` };
}

function codeOf({ code }: PresenceError): ExitCode {
  switch (code) {
    case "PRESENCE_STORE_UNAVAILABLE":
      return EXIT.unreachable;
    case "PRESENCE_STORE_REFUSED":
    case "PRESENCE_BUFFER_FULL":
    case "PRESENCE_CLOSED":
    case "PRESENCE_TOO_MANY_CHANNELS":
      return EXIT.failed;
    case "PRESENCE_INVALID_VISITOR":
    case "PRESENCE_INVALID_CHANNEL":
    case "PRESENCE_CHANNEL_NOT_ALLOWED":
    case "PRESENCE_INVALID_WINDOW":
    case "PRESENCE_INVALID_LIMIT":
    case "PRESENCE_INVALID_CURSOR":
    case "PRESENCE_INVALID_TIME":
    case "PRESENCE_TIME_IN_FUTURE":
    case "PRESENCE_TIME_EXPIRED":
    case "PRESENCE_INVALID_OPTION":
      return EXIT.usage;
  }
}

function clientFailure(error: PresenceClientError): Failure {
  const { kind, status } = error;
  const message = sentence(error.message);
  if (kind === "unreachable" || kind === "timeout" || UNREACHABLE_STATUSES.has(status)) {
    return { exitCode: EXIT.unreachable, message };
  }
  if (kind === "invalid-option" || status === 400 || status === 413) return { exitCode: EXIT.usage, message };
  return { exitCode: EXIT.failed, message: status === 401 ? message + TOKEN_HINT : message };
}

function historyFailure(error: HistoryError): Failure {
  const message = sentence(error.message);
  switch (error.code) {
    case "PRESENCE_HISTORY_UNAVAILABLE":
      return { exitCode: EXIT.unreachable, message };
    case "PRESENCE_HISTORY_FULL":
    case "PRESENCE_HISTORY_CORRUPT":
    case "PRESENCE_HISTORY_TOO_NEW":
    case "PRESENCE_CLOSED":
      return { exitCode: EXIT.failed, message };
    case "PRESENCE_INVALID_CHANNEL":
    case "PRESENCE_INVALID_TIME":
    case "PRESENCE_INVALID_OPTION":
    case "PRESENCE_RANGE_TOO_LONG":
      return { exitCode: EXIT.usage, message };
  }
}
