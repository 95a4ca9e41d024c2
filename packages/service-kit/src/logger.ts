import { pino, type DestinationStream, type Logger as PinoLogger } from "pino";
import type { LogLevel } from "./config/shared-variables.ts";
import { redactSecrets } from "./redact.ts";

/** What a service logs with: pino's own interface. */
export type Logger = PinoLogger;

/** Options of {@link createLogger}. */
export interface LoggerOptions {
  /** The service: the `name` of each line. */
  readonly name: string;
  /** @default "info" */
  readonly level?: LogLevel;
  /** Whether a `client` field may stay in a line; only `ip` identity allows it. @default false */
  readonly keepsAddresses?: boolean;
  /** Where lines go. @default standard output, written at once */
  readonly destination?: DestinationStream;
}

/** Fields that never leave the process, at the top of a line and one level down. */
const SECRET_FIELDS = ["authorization", "cookie", "token", "tokens", "password", "secret"];

/** Fields that hold the address of a client. */
const ADDRESS_FIELDS = ["client", "peer", "visitor"];

/**
 * A JSON logger: no secret field, no password of a URL, no bearer token in any line; no client's address unless
 * `keepsAddresses`. Errors are written with their type, code, message, stack and causes, nothing else of them:
 * other libraries keep whole commands in theirs.
 */
export function createLogger(options: LoggerOptions): Logger {
  const hidden = options.keepsAddresses === true ? SECRET_FIELDS : [...SECRET_FIELDS, ...ADDRESS_FIELDS];
  return pino(
    {
      name: options.name,
      level: options.level ?? "info",
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: describeError, error: describeError },
      redact: { paths: [...hidden, ...hidden.map((field) => `*.${field}`)], remove: true },
      hooks: { streamWrite: redactSecrets },
    },
    options.destination ?? pino.destination({ fd: 1, sync: true }),
  );
}

/** An error as a log line has it. */
export interface DescribedError {
  readonly type: string;
  readonly code?: string;
  readonly message: string;
  readonly stack?: string;
  readonly cause?: DescribedError;
}

const MAX_CAUSES = 5;

/** What of an error belongs in a log line. */
export function describeError(error: unknown, depth: number = 0): DescribedError {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error) };
  const code = "code" in error && typeof error.code === "string" ? error.code : undefined;
  return {
    type: error.name,
    ...(code === undefined ? {} : { code }),
    message: error.message,
    ...(error.stack === undefined ? {} : { stack: error.stack }),
    ...(error.cause === undefined || depth >= MAX_CAUSES
      ? {}
      : { cause: describeError(error.cause, depth + 1) }),
  };
}
