import { createPresence, type Presence } from "@presence/core";
import { connectRedisStore, type RedisStore } from "@presence/core/redis";
import { onTestFinished } from "vitest";
import type { SetRedis } from "./set-redis.ts";

/** A process that records, as an API or a middleware does. */
export interface Recording {
  readonly presence: Presence;
  readonly store: RedisStore;
}

/** How the process records. */
export interface RecordingOptions {
  readonly windowSeconds?: number;
  readonly shards?: number;
  readonly identity?: "ip" | "masked" | "hashed";
}

/** Registers as a writer, and waits until it is one; ends with the test. */
export async function startRecording(
  redis: SetRedis,
  { windowSeconds = 60, shards = 1, identity = "ip" }: RecordingOptions,
): Promise<Recording> {
  const store = connectRedisStore({ url: redis.url, key: redis.env.PRESENCE_KEY, shards });
  await store.whenReady(10_000);
  const registered = Promise.withResolvers<void>();
  const presence = createPresence({
    store,
    windowSeconds,
    profile: { identity, ipv6Prefix: 64 },
    onEvent: ({ kind }) => {
      if (kind === "registered") registered.resolve();
    },
  });
  presence.start();
  await registered.promise;
  onTestFinished(async () => {
    await presence.close();
    await store.close();
  });
  return { presence, store };
}
