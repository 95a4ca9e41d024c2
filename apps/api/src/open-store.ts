import { createMemoryStore, PresenceError, type PresenceStore } from "@presence/core";
import { connectRedisStore } from "@presence/core/redis";
import { ConfigError, type Logger, logLinkEvent } from "@presence/service-kit";
import type { ApiConfig } from "./config.ts";

/** Longest wait for the store before listening all the same, in milliseconds. */
const STORE_WAIT_MS = 300;

/** Where sightings live, and how long to wait for it at start. */
export interface OpenedStore {
  readonly store: PresenceStore;
  /** Resolves with `null` once the store was asked, or after a moment with why it cannot be. Never rejects. */
  settled(): Promise<unknown>;
}

/** @throws {ConfigError} when `REDIS_URL` is none the client can use. */
export function openStore(config: ApiConfig, logger: Logger): OpenedStore {
  if (config.redisUrl === null) return { store: createMemoryStore(), settled: async () => null };
  const store = connect(config, config.redisUrl, logger);
  return {
    store,
    async settled() {
      try {
        await store.whenReady(STORE_WAIT_MS);
        return null;
      } catch (error) {
        return error;
      }
    },
  };
}

function connect({ key, shards }: ApiConfig, url: string, logger: Logger) {
  try {
    return connectRedisStore({
      url,
      key,
      shards,
      onEvent: (event) => logLinkEvent(logger, event),
    });
  } catch (error) {
    if (!(error instanceof PresenceError)) throw error;
    throw new ConfigError([{ variable: "REDIS_URL", reason: `cannot be used: ${error.message}` }]);
  }
}
