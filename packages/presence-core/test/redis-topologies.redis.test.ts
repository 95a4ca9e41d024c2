import { type RedisCluster, type RedisSentinel, startCluster, startSentinel } from "@presence/testkit";
import { afterAll, beforeAll, describe } from "vitest";
import { presenceStoreContract } from "../src/testing/index.ts";
import { freshStore } from "./support/redis.ts";

/** Command sequences of the model test, each many round trips to several servers. */
const RUNS = 8;

describe("with Sentinel", () => {
  let sentinel: RedisSentinel;
  beforeAll(async () => {
    sentinel = await startSentinel({ replicas: 1 });
  });
  afterAll(async () => sentinel.stop());

  presenceStoreContract({
    name: "the Redis store behind Sentinel",
    create: () => freshStore(sentinel),
    runs: RUNS,
  });
});

describe("with a Redis Cluster", () => {
  let cluster: RedisCluster;
  beforeAll(async () => {
    cluster = await startCluster({ masters: 3, replicas: 0 });
  });
  afterAll(async () => cluster.stop());

  for (const shards of [1, 16, 64]) {
    presenceStoreContract({
      name: `the Redis store in a cluster with ${shards} shard${shards === 1 ? "" : "s"}`,
      create: () => freshStore(cluster, { shards }),
      runs: RUNS,
    });
  }
});
