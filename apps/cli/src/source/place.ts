import type { CliConfig } from "../config.ts";
import { usageError } from "../errors.ts";
import { type Flags, textFlag } from "../flags.ts";

/** A Redis itself. */
export interface RedisPlace {
  readonly kind: "redis";
  readonly url: string;
  readonly key: string;
}

/** An API. */
export interface ApiPlace {
  readonly kind: "api";
  readonly url: string;
  readonly token: string | undefined;
}

/** Where a command asks: a Redis itself, or an API. */
export type Place = RedisPlace | ApiPlace;

const DEFAULT_URL = "http://localhost:3000";

/**
 * Chooses where to ask: what the command line says, else what the environment says, Redis before the API.
 *
 * @throws {CliError} where both are named on the command line, or a flag of one beside the other.
 */
export function choosePlace(flags: Flags, config: CliConfig): Place {
  const redisFlag = textFlag(flags, "redis-url");
  const urlFlag = textFlag(flags, "url");
  if (redisFlag !== undefined && urlFlag !== undefined) {
    throw usageError("--redis-url and --url name two places to ask: leave one of them out.");
  }
  const redisUrl = redisFlag ?? (urlFlag === undefined ? config.redisUrl : undefined);
  return redisUrl === undefined ? apiPlace(flags, config) : redisPlace(redisUrl, flags, config);
}

/** The API, for what only an API knows. @throws {CliError} where the command line names a Redis. */
export function chooseApi(flags: Flags, config: CliConfig, what: string): ApiPlace {
  if (textFlag(flags, "redis-url") !== undefined) {
    throw usageError(
      `${what} is kept by the API, not in Redis: name the API with --url in place of --redis-url.`,
    );
  }
  return apiPlace(flags, config);
}

/** Everywhere that what looks at a whole installation has to look. */
export interface Places {
  readonly redis: RedisPlace | null;
  readonly api: ApiPlace;
  /** Whether somebody named the API; else it is worth a try. */
  readonly isApiNamed: boolean;
}

/** Every place that the command line and the environment name. @throws {CliError} for a flag of none of them. */
export function choosePlaces(flags: Flags, config: CliConfig): Places {
  const redisUrl = textFlag(flags, "redis-url") ?? config.redisUrl;
  if (redisUrl === undefined && textFlag(flags, "key") !== undefined) {
    throw usageError("--key is for a Redis, and none is named here: name it with --redis-url.");
  }
  return {
    redis: redisUrl === undefined ? null : redisOf(redisUrl, flags, config),
    api: apiOf(flags, config),
    isApiNamed: (textFlag(flags, "url") ?? config.url) !== undefined,
  };
}

function redisPlace(url: string, flags: Flags, config: CliConfig): RedisPlace {
  if (textFlag(flags, "token") !== undefined) {
    throw usageError("--token is for an API, and a Redis is asked here: name the API with --url.");
  }
  return redisOf(url, flags, config);
}

function redisOf(url: string, flags: Flags, config: CliConfig): RedisPlace {
  const key = textFlag(flags, "key") ?? config.key;
  if (!/^[A-Za-z0-9_.:-]{1,64}$/.test(key)) {
    throw usageError("--key (or PRESENCE_KEY) must be 1 to 64 of A-Z a-z 0-9 _ . : -.");
  }
  return { kind: "redis", url, key };
}

function apiPlace(flags: Flags, config: CliConfig): ApiPlace {
  if (textFlag(flags, "key") !== undefined) {
    throw usageError("--key is for a Redis, and an API is asked here: name the Redis with --redis-url.");
  }
  return apiOf(flags, config);
}

function apiOf(flags: Flags, config: CliConfig): ApiPlace {
  const url = textFlag(flags, "url") ?? config.url ?? DEFAULT_URL;
  if (!/^https?:$/.test(URL.parse(url)?.protocol ?? "")) {
    throw usageError("--url (or PRESENCE_URL) must be an address that begins with http:// or https://.");
  }
  return { kind: "api", url, token: textFlag(flags, "token") ?? config.token };
}
