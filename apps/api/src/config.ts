import { ClientAddressError, createVisitorReader, type VisitorReaderOptions } from "@presence/client-address";
import { defaultKeyTtlSeconds } from "@presence/core";
import {
  checkSharedVariables,
  KNOWN_VARIABLE_NAMES,
  list,
  loadVariables,
  checkedText,
  oneOf,
  optionalText,
  optionalWholeNumber,
  originProblem,
  port,
  secretVariable,
  sharedVariables,
  tokenProblem,
  variable,
  wholeNumber,
  type ConfigProblem,
  type Environment,
  type Identity,
  type LogLevel,
  type VariableValues,
} from "@presence/service-kit";

/** What of the API is open without a token. */
export type PublicPart = "count" | "history";

/** What becomes of bots: counted like anybody, in a channel of their own, or not at all. */
export type BotsMode = "include" | "separate" | "drop";

/** The API's configuration, read once at start. */
export interface ApiConfig {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  readonly logLevel: LogLevel;
  /** `null`: embedded mode, the count lives in this process. */
  readonly redisUrl: string | null;
  readonly mongodbUrl: string | null;
  readonly dataDir: string;
  readonly key: string;
  readonly shards: number;
  readonly windowSeconds: number;
  readonly keyTtlSeconds: number;
  readonly flushMs: number;
  readonly bufferVisitors: number;
  /** Whether this process runs the jobs. */
  readonly runsJobs: boolean;
  readonly trustedProxies: readonly string[];
  readonly clientHeader: string;
  readonly ipv6Prefix: number;
  readonly identity: Identity;
  readonly bots: BotsMode;
  /** Addresses, CIDRs and words of user agents that are never counted. */
  readonly ignore: readonly string[];
  readonly channels: readonly string[];
  readonly channelsMax: number;
  /** Channels whose counts become history. */
  readonly historyChannels: readonly string[];
  /** Where a day begins, as an IANA name. */
  readonly timeZone: string;
  readonly tokens: TokenLists;
  /** Port of a listener on the loopback interface for `/metrics`, 0 for any; `null`: none. */
  readonly metricsPort: number | null;
  readonly publicParts: readonly PublicPart[];
  /** The address people reach this server by, without a slash at the end; `null`: the bound one. */
  readonly publicUrl: string | null;
  readonly corsOrigins: readonly string[];
  /** Most event streams of this process. */
  readonly streamsMax: number;
  /** Most event streams of one client. */
  readonly streamsPerClient: number;
  /** What is odd but no error, one sentence each. */
  readonly warnings: readonly string[];
}

/** The tokens of each role; several of one, so that they can be rotated. */
export interface TokenLists {
  readonly admin: readonly string[];
  readonly ingest: readonly string[];
  readonly read: readonly string[];
  /** At most one: `PRESENCE_METRICS_TOKEN`. */
  readonly metrics: readonly string[];
}

const EXAMPLE_TOKEN = "<32 or more characters, such as `openssl rand -hex 32` prints>";
const PUBLIC_WORDS = ["count", "history", "none"];

const tokens = () => secretVariable(EXAMPLE_TOKEN, list([], tokenProblem));

const variables = {
  ...sharedVariables,
  PORT: variable("3000", port(3_000)),
  PRESENCE_FLUSH_MS: variable("100", wholeNumber(1, 10_000, 100)),
  PRESENCE_BUFFER_VISITORS: variable("100000", wholeNumber(1, 10_000_000, 100_000)),
  PRESENCE_JOBS: variable("in-process", oneOf(["by-mode", "in-process", "off"], "by-mode")),
  PRESENCE_TRUSTED_PROXIES: variable(
    "loopback,10.0.0.0/8",
    list([], (entry) => readerProblem({ trustedProxies: [entry] })),
  ),
  PRESENCE_CLIENT_HEADER: variable(
    "x-forwarded-for",
    checkedText("x-forwarded-for", (header) => readerProblem({ header })),
  ),
  PRESENCE_BOTS: variable("separate", oneOf(["include", "separate", "drop"], "include")),
  PRESENCE_IGNORE: variable(
    "192.0.2.0/24,UptimeRobot",
    list([], (entry) => readerProblem({ ignore: [entry] })),
  ),
  PRESENCE_ADMIN_TOKENS: tokens(),
  PRESENCE_INGEST_TOKENS: tokens(),
  PRESENCE_READ_TOKENS: tokens(),
  PRESENCE_METRICS_TOKEN: secretVariable(EXAMPLE_TOKEN, optionalText(tokenProblem)),
  PRESENCE_METRICS_PORT: variable("9464", optionalWholeNumber(0, 65_535)),
  PRESENCE_PUBLIC: variable("count,history", list(["count"], publicWordProblem)),
  PRESENCE_PUBLIC_URL: variable("https://presence.example.com", optionalText(originProblem)),
  PRESENCE_CORS_ORIGINS: variable("https://www.example.com", list([], originProblem)),
  PRESENCE_STREAMS_MAX: variable("10000", wholeNumber(0, 1_000_000, 10_000)),
  PRESENCE_STREAMS_PER_CLIENT: variable("5", wholeNumber(1, 1_000_000, 5)),
};

type Values = VariableValues<typeof variables>;

/** @throws {ConfigError} with every problem of the environment. */
export function loadApiConfig(env: Environment): ApiConfig {
  const { values, warnings } = loadVariables(env, { variables, alsoKnown: KNOWN_VARIABLE_NAMES, check });
  return Object.freeze({
    host: values.HOST,
    port: values.PORT,
    logLevel: values.LOG_LEVEL,
    redisUrl: values.REDIS_URL,
    mongodbUrl: values.MONGODB_URL,
    dataDir: values.PRESENCE_DATA_DIR,
    key: values.PRESENCE_KEY,
    shards: values.PRESENCE_SHARDS,
    windowSeconds: values.PRESENCE_WINDOW_SECONDS,
    keyTtlSeconds: values.PRESENCE_KEY_TTL_SECONDS ?? defaultKeyTtlSeconds(values.PRESENCE_WINDOW_SECONDS),
    flushMs: values.PRESENCE_FLUSH_MS,
    bufferVisitors: values.PRESENCE_BUFFER_VISITORS,
    runsJobs:
      values.PRESENCE_JOBS === "in-process" ||
      (values.PRESENCE_JOBS === "by-mode" && values.MONGODB_URL === null),
    trustedProxies: values.PRESENCE_TRUSTED_PROXIES,
    clientHeader: values.PRESENCE_CLIENT_HEADER.toLowerCase(),
    ipv6Prefix: values.PRESENCE_IPV6_PREFIX,
    identity: values.PRESENCE_IDENTITY,
    bots: values.PRESENCE_BOTS,
    ignore: values.PRESENCE_IGNORE,
    channels: values.PRESENCE_CHANNELS,
    channelsMax: values.PRESENCE_CHANNELS_MAX,
    historyChannels: values.PRESENCE_HISTORY_CHANNELS,
    timeZone: values.PRESENCE_TIME_ZONE,
    tokens: {
      admin: values.PRESENCE_ADMIN_TOKENS,
      ingest: values.PRESENCE_INGEST_TOKENS,
      read: values.PRESENCE_READ_TOKENS,
      metrics: values.PRESENCE_METRICS_TOKEN === null ? [] : [values.PRESENCE_METRICS_TOKEN],
    },
    metricsPort: values.PRESENCE_METRICS_PORT,
    publicParts: values.PRESENCE_PUBLIC.filter(isPublicPart),
    publicUrl: values.PRESENCE_PUBLIC_URL === null ? null : new URL(values.PRESENCE_PUBLIC_URL).origin,
    corsOrigins: values.PRESENCE_CORS_ORIGINS.map((origin) => new URL(origin).origin),
    streamsMax: values.PRESENCE_STREAMS_MAX,
    streamsPerClient: values.PRESENCE_STREAMS_PER_CLIENT,
    warnings,
  });
}

function check(values: Partial<Values>): readonly ConfigProblem[] {
  const problems = [...checkSharedVariables(values)];
  const open = values.PRESENCE_PUBLIC;
  if (open !== undefined && open.length > 1 && open.includes("none")) {
    problems.push({
      variable: "PRESENCE_PUBLIC",
      reason: "says none and something else",
      example: "PRESENCE_PUBLIC=none",
    });
  }
  const metricsPort = values.PRESENCE_METRICS_PORT;
  if (typeof metricsPort === "number" && metricsPort !== 0 && metricsPort === values.PORT) {
    problems.push({
      variable: "PRESENCE_METRICS_PORT",
      reason: "must be another port than PORT",
      example: "PRESENCE_METRICS_PORT=9464",
    });
  }
  return problems;
}

function publicWordProblem(word: string): string | null {
  return PUBLIC_WORDS.includes(word) ? null : `must be a list of ${PUBLIC_WORDS.join(", ")}`;
}

/** What the reader that will use an option says against it, or `null`. */
function readerProblem(options: VisitorReaderOptions): string | null {
  try {
    createVisitorReader(options);
    return null;
  } catch (error) {
    if (error instanceof ClientAddressError) return error.message.replace(/\.$/, "");
    throw error;
  }
}

function isPublicPart(word: string): word is PublicPart {
  return word === "count" || word === "history";
}
