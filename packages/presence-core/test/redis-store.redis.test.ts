import { describe } from "vitest";
import { presenceStoreContract } from "../src/testing/index.ts";
import { freshStore, useRedis } from "./support/redis.ts";

describe("with a real Redis", () => {
  const server = useRedis();
  for (const shards of [1, 16]) {
    presenceStoreContract({
      name: `the Redis store with ${shards} shard${shards === 1 ? "" : "s"}`,
      create: () => freshStore(server(), { shards }),
      runs: shards === 1 ? 100 : 40,
    });
  }
});
