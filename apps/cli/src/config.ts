import { usageError } from "./errors.ts";
import { listed, parseWhole, quoted } from "./flags.ts";

/** How a visitor's text is made of an address. */
export type Identity = "ip" | "masked" | "hashed";

/** What becomes of bots. */
export type BotsMode = "include" | "separate" | "drop";

/** What the environment says; `undefined` where it says nothing. */
export interface CliConfig {
  readonly redisUrl: string | undefined;
  readonly mongodbUrl: string | undefined;
  readonly url: string | undefined;
  readonly token: string | undefined;
  readonly dataDir: string;
  readonly key: string;
  readonly shards: number | undefined;
  readonly windowSeconds: number | undefined;
  readonly keyTtlSeconds: number | undefined;
  readonly identity: Identity | undefined;
  readonly ipv6Prefix: number | undefined;
  readonly bots: BotsMode;
  /** Addresses, CIDRs and words of user agents that are never counted. */
  readonly ignore: readonly string[];
  readonly timeZone: string | undefined;
  /** Channels whose distinct visitors are counted by the day. */
  readonly historyChannels: readonly string[];
}

type Environment = Readonly<Record<string, string | undefined>>;

const MAX_WINDOW_SECONDS = 86_400;

/** Reads the variables of DESIGN that concern this program. @throws {CliError} that names the variable. */
export function readConfig(env: Environment): CliConfig {
  const text = (name: string): string | undefined => {
    const value = env[name]?.trim() ?? "";
    return value === "" ? undefined : value;
  };
  const whole = (name: string, min: number, max: number): number | undefined => {
    const value = text(name);
    return value === undefined ? undefined : parseWhole(name, value, { min, max });
  };
  const list = (name: string): readonly string[] | undefined =>
    text(name)
      ?.split(",")
      .map((entry) => entry.trim())
      .filter((entry) => entry !== "");
  const choice = <const Choice extends string>(
    name: string,
    allowed: readonly Choice[],
  ): Choice | undefined => {
    const value = text(name);
    const found = allowed.find((candidate) => candidate === value);
    if (value === undefined || found !== undefined) return found;
    throw usageError(`${name} must be ${listed(allowed)}, not ${quoted(value)}.`);
  };
  return {
    redisUrl: text("REDIS_URL"),
    mongodbUrl: text("MONGODB_URL"),
    url: text("PRESENCE_URL"),
    token: text("PRESENCE_TOKEN"),
    dataDir: text("PRESENCE_DATA_DIR") ?? "./data",
    key: text("PRESENCE_KEY") ?? "onlines",
    shards: whole("PRESENCE_SHARDS", 1, 64),
    windowSeconds: whole("PRESENCE_WINDOW_SECONDS", 1, MAX_WINDOW_SECONDS),
    keyTtlSeconds: whole("PRESENCE_KEY_TTL_SECONDS", 11, 30 * MAX_WINDOW_SECONDS),
    identity: choice("PRESENCE_IDENTITY", ["ip", "masked", "hashed"]),
    ipv6Prefix: whole("PRESENCE_IPV6_PREFIX", 32, 128),
    bots: choice("PRESENCE_BOTS", ["include", "separate", "drop"]) ?? "include",
    ignore: list("PRESENCE_IGNORE") ?? [],
    timeZone: text("PRESENCE_TIME_ZONE"),
    historyChannels: list("PRESENCE_HISTORY_CHANNELS") ?? ["site"],
  };
}
