import { connectRedisStore } from "@presence/core/redis";
import { startRedis } from "@presence/testkit";
import { redisWork } from "../harness/accounts.ts";
import { type Measured, spreadOf, valuesOf } from "../harness/figures.ts";
import { interleave } from "../harness/interleave.ts";
import { PATIENCE_MS } from "../harness/patience.ts";
import type { Question } from "../harness/question.ts";
import { resultOf } from "../harness/results.ts";

const PROFILE = { identity: "ip", ipv6Prefix: 64, windowSeconds: 60, shards: 1 } as const;

/** What processes that record cost each other: each tells the state every five seconds, and is told of all. */
export const writers: Question = {
  name: "writers",
  asks: "What does one registration cost Redis, with how many processes that record?",

  async answer({ rounds, isQuick, say }) {
    const amounts = isQuick ? [1, 10] : [1, 100, 1_000, 5_000];
    const times = isQuick ? 10 : 200;
    const name = (amount: number): string => `${amount} writers`;
    const results = await interleave(
      amounts.map((amount) => ({ name: name(amount), measure: () => measure(amount, times) })),
      {
        rounds,
        onMeasured: (variant, round, figures) => say(`${round} ${variant}: ${JSON.stringify(figures)}`),
      },
    );
    const most = spreadOf(valuesOf(resultOf(results, name(amounts.at(-1) ?? 0)), "Redis CPU ms")).median;
    return {
      results,
      plotted: "Redis CPU ms",
      budgets: [],
      notes: [
        `Each process registers every 5 s: ${amounts.at(-1)} of them keep the master of the state key busy for ${((most * (amounts.at(-1) ?? 0)) / 50).toFixed(0)} % of a core.`,
      ],
    };
  },
};

async function measure(amount: number, times: number): Promise<Measured> {
  await using server = await startRedis();
  const redis = server.client();
  const store = connectRedisStore({ url: server.url });
  try {
    await store.whenReady(PATIENCE_MS);
    const register = (id: string): Promise<unknown> =>
      store.register({ id, ...PROFILE }, { nowMs: Math.floor(store.nowMs()), ttlSeconds: 180 });
    await register("writer-0");
    const value = `${Math.floor(store.nowMs())} ip 64 60 1`;
    for (let i = 1; i < amount; i += 1) void redis.hset(store.keys.state, `writer:writer-${i}`, value);
    const before = await redisWork(redis);
    for (let i = 0; i < times; i += 1) {
      // oxlint-disable-next-line no-await-in-loop
      await register(`writer-${i % amount}`);
    }
    const after = await redisWork(redis);
    return { "Redis CPU ms": (after.cpuMs - before.cpuMs) / times };
  } finally {
    await store.close();
  }
}
