import { randomUUID } from "node:crypto";
import { Redis } from "ioredis";
import { testEnvironment } from "../process/environment.ts";
import { onPath } from "../process/on-path.ts";
import { startRedis } from "./server.ts";

/** A Redis that a test may write to under its own prefix: its own server, or a shared one. */
export interface TestRedis extends AsyncDisposable {
  readonly url: string;
  /** Nobody else's: a value for `PRESENCE_KEY`. */
  readonly key: string;
  client(): Redis;
  /** Ends an own server, or removes what is under the prefix from a shared one. Idempotent. */
  stop(): Promise<void>;
}

/**
 * A server of one's own where `redis-server` is on the path, else the one of `REDIS_URL`.
 * For tests that do nothing to the server but use it; those that kill it take {@link startRedis}.
 */
export async function redisForTests(): Promise<TestRedis> {
  const url = testEnvironment("REDIS_URL");
  if (url === null || onPath("redis-server") !== null)
    return Object.assign(await startRedis(), { key: "onlines" });
  return sharedRedis(url);
}

/** A prefix of one's own in a server that others use too. */
export function sharedRedis(url: string): TestRedis {
  const key = `test-${randomUUID()}`;
  const clients: Redis[] = [];
  const client = (): Redis => {
    const opened = new Redis(url);
    opened.on("error", () => {});
    clients.push(opened);
    return opened;
  };
  const stop = async (): Promise<void> => {
    const cleaner = client();
    for await (const keys of cleaner.scanStream({ match: `${key}*`, count: 1_000 })) {
      if (Array.isArray(keys) && keys.length > 0) await cleaner.unlink(...keys.map(String));
    }
    for (const opened of clients) opened.disconnect();
  };
  let stopped: Promise<void> | null = null;
  const stopOnce = (): Promise<void> => (stopped ??= stop());
  return { url, key, client, stop: stopOnce, [Symbol.asyncDispose]: stopOnce };
}
