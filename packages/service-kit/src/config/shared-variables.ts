import { defaultKeyTtlSeconds, MAX_WINDOW_SECONDS } from "@presence/core";
import {
  channelPatternProblem,
  channelProblem,
  keyProblem,
  mongodbUrlProblem,
  redisUrlProblem,
  timeZoneProblem,
} from "./checks.ts";
import type { ConfigProblem } from "./config-error.ts";
import { checkedText, list, oneOf, optionalText, optionalWholeNumber, text, wholeNumber } from "./schemas.ts";
import { secretVariable, variable, type Variable } from "./variable.ts";

/** The levels of `LOG_LEVEL`. */
export type LogLevel = "trace" | "debug" | "info" | "warn" | "error" | "fatal" | "silent";

/** What makes a visitor's text of an address. */
export type Identity = "ip" | "masked" | "hashed";

/** The variables that every service reads the same way. */
export interface SharedVariables {
  readonly HOST: Variable<string>;
  readonly LOG_LEVEL: Variable<LogLevel>;
  readonly REDIS_URL: Variable<string | null>;
  readonly MONGODB_URL: Variable<string | null>;
  readonly PRESENCE_DATA_DIR: Variable<string>;
  readonly PRESENCE_KEY: Variable<string>;
  readonly PRESENCE_SHARDS: Variable<number>;
  readonly PRESENCE_WINDOW_SECONDS: Variable<number>;
  readonly PRESENCE_KEY_TTL_SECONDS: Variable<number | null>;
  readonly PRESENCE_IPV6_PREFIX: Variable<number>;
  readonly PRESENCE_IDENTITY: Variable<Identity>;
  readonly PRESENCE_CHANNELS: Variable<readonly string[]>;
  readonly PRESENCE_CHANNELS_MAX: Variable<number>;
  readonly PRESENCE_HISTORY_CHANNELS: Variable<readonly string[]>;
  readonly PRESENCE_TIME_ZONE: Variable<string>;
}

/** The variables that every service reads the same way, defined once. */
export const sharedVariables: SharedVariables = {
  HOST: variable("127.0.0.1", text("127.0.0.1")),
  LOG_LEVEL: variable("info", oneOf(["trace", "debug", "info", "warn", "error", "fatal", "silent"], "info")),
  REDIS_URL: secretVariable("redis://127.0.0.1:6379/0", optionalText(redisUrlProblem)),
  MONGODB_URL: secretVariable("mongodb://127.0.0.1:27017/presence", optionalText(mongodbUrlProblem)),
  PRESENCE_DATA_DIR: variable("./data", text("./data")),
  PRESENCE_KEY: variable("onlines", checkedText("onlines", keyProblem)),
  PRESENCE_SHARDS: variable("16", wholeNumber(1, 64, 1)),
  PRESENCE_WINDOW_SECONDS: variable("60", wholeNumber(1, MAX_WINDOW_SECONDS, 60)),
  PRESENCE_KEY_TTL_SECONDS: variable("180", optionalWholeNumber(11, 30 * MAX_WINDOW_SECONDS)),
  PRESENCE_IPV6_PREFIX: variable("64", wholeNumber(32, 128, 64)),
  PRESENCE_IDENTITY: variable("ip", oneOf(["ip", "masked", "hashed"], "ip")),
  PRESENCE_CHANNELS: variable("site,page:*", list(["site"], channelPatternProblem)),
  PRESENCE_CHANNELS_MAX: variable("10000", wholeNumber(1, 1_000_000, 10_000)),
  PRESENCE_HISTORY_CHANNELS: variable("site", list(["site"], channelProblem, 100)),
  PRESENCE_TIME_ZONE: variable("Europe/Berlin", checkedText("UTC", timeZoneProblem)),
};

/**
 * Every name any Presence program reads, so that a service does not warn of a variable meant for its neighbour.
 * What the service reads itself need not be here.
 */
export const KNOWN_VARIABLE_NAMES: readonly string[] = [
  ...Object.keys(sharedVariables),
  "PRESENCE_FLUSH_MS",
  "PRESENCE_BUFFER_VISITORS",
  "PRESENCE_JOBS",
  "PRESENCE_TRUSTED_PROXIES",
  "PRESENCE_IGNORE",
  "PRESENCE_CLIENT_HEADER",
  "PRESENCE_BOTS",
  "PRESENCE_ADMIN_TOKENS",
  "PRESENCE_INGEST_TOKENS",
  "PRESENCE_READ_TOKENS",
  "PRESENCE_METRICS_TOKEN",
  "PRESENCE_METRICS_PORT",
  "PRESENCE_PUBLIC",
  "PRESENCE_PUBLIC_URL",
  "PRESENCE_CORS_ORIGINS",
  "PRESENCE_STREAMS_MAX",
  "PRESENCE_STREAMS_PER_CLIENT",
  "PRESENCE_URL",
  "PRESENCE_TOKEN",
];

/** Values of shared variables that {@link checkSharedVariables} looks at together. */
export interface SharedValues {
  readonly REDIS_URL?: string | null;
  readonly MONGODB_URL?: string | null;
  readonly PRESENCE_WINDOW_SECONDS?: number;
  readonly PRESENCE_KEY_TTL_SECONDS?: number | null;
}

/** How much longer than the window a key must live, in seconds: the future tolerance and one more window edge. */
const TTL_MARGIN_SECONDS = 10;

/** What no shared variable can say alone. */
export function checkSharedVariables(values: SharedValues): readonly ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  if (typeof values.MONGODB_URL === "string" && values.REDIS_URL === null) {
    problems.push({
      variable: "REDIS_URL",
      reason: "must be set where MONGODB_URL is: several machines share the count through Redis",
      example: "REDIS_URL=redis://127.0.0.1:6379/0",
    });
  }
  const { PRESENCE_WINDOW_SECONDS: windowSeconds, PRESENCE_KEY_TTL_SECONDS: ttlSeconds } = values;
  if (
    windowSeconds !== undefined &&
    typeof ttlSeconds === "number" &&
    ttlSeconds < windowSeconds + TTL_MARGIN_SECONDS
  ) {
    problems.push({
      variable: "PRESENCE_KEY_TTL_SECONDS",
      reason: `is ${ttlSeconds}, but must be at least the window and ${TTL_MARGIN_SECONDS} s: ${windowSeconds + TTL_MARGIN_SECONDS}`,
      example: `PRESENCE_KEY_TTL_SECONDS=${defaultKeyTtlSeconds(windowSeconds)}`,
    });
  }
  return problems;
}
