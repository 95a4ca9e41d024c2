import { PresenceError } from "@presence/core";
import { connectRedisStore, type RedisStore } from "@presence/core/redis";
import { ConfigError, type Logger, logLinkEvent } from "@presence/service-kit";
import type { SchedulerConfig } from "../config.ts";

/**
 * Begins to connect to Redis. One that is away is no reason not to start: a job that needs it fails, and the next
 * run finds it back.
 *
 * @throws {ConfigError} when `REDIS_URL` is none the client can use.
 */
export function openRedis({ redisUrl, key, shards }: SchedulerConfig, logger: Logger): RedisStore {
  try {
    return connectRedisStore({
      url: redisUrl,
      key,
      shards,
      onEvent: (event) => logLinkEvent(logger, event),
    });
  } catch (error) {
    if (!(error instanceof PresenceError)) throw error;
    throw new ConfigError([{ variable: "REDIS_URL", reason: `cannot be used: ${error.message}` }]);
  }
}
