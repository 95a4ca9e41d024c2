import { defaultKeyTtlSeconds } from "@presence/core";
import {
  checkSharedVariables,
  type ConfigProblem,
  type Environment,
  KNOWN_VARIABLE_NAMES,
  loadVariables,
  type LogLevel,
  port,
  sharedVariables,
  variable,
  type VariableValues,
} from "@presence/service-kit";

/** The scheduler's configuration, read once at start. */
export interface SchedulerConfig {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  readonly logLevel: LogLevel;
  readonly redisUrl: string;
  readonly mongodbUrl: string;
  readonly key: string;
  readonly shards: number;
  readonly windowSeconds: number;
  readonly keyTtlSeconds: number;
  readonly channelsMax: number;
  /** Channels whose counts become history. */
  readonly historyChannels: readonly string[];
  /** Where a day begins, as an IANA name. */
  readonly timeZone: string;
  /** Whether addresses may stand in log lines. */
  readonly keepsAddresses: boolean;
  /** What is odd but no error, one sentence each. */
  readonly warnings: readonly string[];
}

const variables = { ...sharedVariables, PORT: variable("3001", port(3_001)) };

type Values = VariableValues<typeof variables>;

/** @throws {ConfigError} with every problem of the environment. */
export function loadSchedulerConfig(env: Environment): SchedulerConfig {
  const { values, warnings } = loadVariables(env, { variables, alsoKnown: KNOWN_VARIABLE_NAMES, check });
  return Object.freeze({
    host: values.HOST,
    port: values.PORT,
    logLevel: values.LOG_LEVEL,
    // Where one is missing, `check` has thrown.
    redisUrl: values.REDIS_URL ?? "",
    mongodbUrl: values.MONGODB_URL ?? "",
    key: values.PRESENCE_KEY,
    shards: values.PRESENCE_SHARDS,
    windowSeconds: values.PRESENCE_WINDOW_SECONDS,
    keyTtlSeconds: values.PRESENCE_KEY_TTL_SECONDS ?? defaultKeyTtlSeconds(values.PRESENCE_WINDOW_SECONDS),
    channelsMax: values.PRESENCE_CHANNELS_MAX,
    historyChannels: values.PRESENCE_HISTORY_CHANNELS,
    timeZone: values.PRESENCE_TIME_ZONE,
    keepsAddresses: values.PRESENCE_IDENTITY === "ip",
    warnings,
  });
}

function check(values: Partial<Values>): readonly ConfigProblem[] {
  const problems = [...checkSharedVariables(values)];
  const isNamed = (name: string): boolean => problems.some(({ variable: named }) => named === name);
  if (values.REDIS_URL === null && !isNamed("REDIS_URL")) {
    problems.push({
      variable: "REDIS_URL",
      reason: "must be set: the visitors to prune are there",
      example: "REDIS_URL=redis://127.0.0.1:6379/0",
    });
  }
  if (values.MONGODB_URL === null) {
    problems.push({
      variable: "MONGODB_URL",
      reason: "must be set: the schedule is kept there. Without MongoDB the API runs the jobs by itself",
      example: "MONGODB_URL=mongodb://127.0.0.1:27017/presence",
    });
  }
  return problems;
}
