import { type RedisServer, startRedis } from "@presence/testkit";
import { afterAll, beforeAll } from "vitest";
import { connectRedisStore, type RedisStore, type RedisStoreSettings } from "../../src/redis.ts";

/** A real server for the tests of one file. */
export function useRedis(): () => RedisServer {
  let server: RedisServer | null = null;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(async () => server?.stop());
  return () => {
    if (server === null) throw new Error("the server is not started yet");
    return server;
  };
}

let prefixes = 0;

/** A ready store under a prefix nobody has used, on a server or on several. */
export async function freshStore(
  server: { readonly url: string },
  settings: RedisStoreSettings = {},
): Promise<RedisStore> {
  prefixes += 1;
  const store = connectRedisStore({ url: server.url, key: `test${prefixes}`, ...settings });
  await store.whenReady(5_000);
  return store;
}
