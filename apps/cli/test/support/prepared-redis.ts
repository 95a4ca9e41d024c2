import { createPresence } from "@presence/core";
import { connectRedisStore } from "@presence/core/redis";
import { type RedisServer, type RedisServerOptions, startRedis } from "@presence/testkit";
import { onTestFinished } from "vitest";

/** A Redis as that of a healthy installation, to be spoilt by a test. */
export interface PreparedRedis extends RedisServer {
  readonly env: Readonly<Record<string, string>>;
  /** Keeps the last run of a job, so many seconds ago. */
  ran(job: string, secondsAgo: number, run?: Readonly<Record<string, unknown>>): Promise<void>;
  /** Visitors by how many seconds ago they were seen. */
  seen(visitors: Readonly<Record<string, number>>): Promise<void>;
}

const WINDOW_SECONDS = 1;

/** Somebody records there, without a gap for longer than the window, and each job has just run. Ends with the test. */
export async function startPreparedRedis(options: RedisServerOptions = {}): Promise<PreparedRedis> {
  const redis = await startRedis(options);
  onTestFinished(() => redis.stop());
  const client = redis.client();
  const nowMs = async (): Promise<number> => {
    const [seconds, microseconds] = await client.time();
    return Number(seconds) * 1_000 + Math.floor(Number(microseconds) / 1_000);
  };

  async function ran(
    job: string,
    secondsAgo: number,
    run: Readonly<Record<string, unknown>> = {},
  ): Promise<void> {
    const atMs = (await nowMs()) - secondsAgo * 1_000;
    const kept = { job, atMs, elapsedMs: 3, by: "api-1:42", ok: true, result: { removed: 0 }, ...run };
    await client.hset("onlines:meta:jobs", job, JSON.stringify(kept));
    if (kept.ok) await client.hset("onlines:meta:jobs", `${job}:success`, atMs);
  }

  async function seen(visitors: Readonly<Record<string, number>>): Promise<void> {
    const now = (await nowMs()) / 1_000;
    const members = Object.entries(visitors).flatMap(([visitor, secondsAgo]) => [now - secondsAgo, visitor]);
    await client.zadd("onlines", ...members);
  }

  await startRecorder(redis.url);
  // As after an hour.
  await client.hset("onlines:meta:state", "since", (await nowMs()) - 3_600_000);
  await Promise.all([ran("prune", 12), ran("sample", 4, { result: { sampled: 1 } }), ran("retain", 900)]);
  return Object.assign(redis, {
    env: { REDIS_URL: redis.url, PRESENCE_DATA_DIR: redis.folder },
    ran,
    seen,
  });
}

/** A process that records, with one visitor. */
async function startRecorder(url: string): Promise<void> {
  const store = connectRedisStore({ url });
  await store.whenReady(10_000);
  const registered = Promise.withResolvers<void>();
  const presence = createPresence({
    store,
    windowSeconds: WINDOW_SECONDS,
    keyTtlSeconds: 600,
    onEvent: ({ kind }) => {
      if (kind === "registered") registered.resolve();
    },
  });
  presence.start();
  presence.record("203.0.113.9");
  await presence.flush();
  await registered.promise;
  onTestFinished(async () => {
    await presence.close();
    await store.close();
  });
}
