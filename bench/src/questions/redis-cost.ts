import { createPresence } from "@presence/core";
import { connectRedisStore } from "@presence/core/redis";
import { startRedis } from "@presence/testkit";
import type { Redis } from "ioredis";
import { redisWork } from "../harness/accounts.ts";
import { type Measured, ratioOf, spreadOf, valuesOf } from "../harness/figures.ts";
import { interleave } from "../harness/interleave.ts";
import { PATIENCE_MS } from "../harness/patience.ts";
import type { Question } from "../harness/question.ts";
import { resultOf } from "../harness/results.ts";
import { ipv4 } from "../harness/visitors.ts";

const RATE_PER_SECOND = 10_000;
const TICK_MS = 5;

/** As many as an application has requests under way: what one sends at a time is one command. */
const NAIVE_CONNECTIONS = 64;

/** What recording costs Redis, whoever asks. */
export const redisCost: Question = {
  name: "redis-cost",
  asks: "What do a thousand recorded requests cost Redis, at 10,000 requests a second?",

  async answer({ rounds, isQuick, say }) {
    const durationMs = isQuick ? 500 : 4_000;
    await using server = await startRedis();
    const redis = server.client();
    const store = connectRedisStore({ url: server.url });
    await store.whenReady(PATIENCE_MS);
    const presence = createPresence({ store, readTimeoutMs: PATIENCE_MS });
    const naive = Array.from({ length: NAIVE_CONNECTIONS }, () => server.client());
    try {
      const ours = (visitors: number) => () =>
        costOf(redis, durationMs, (request) => void presence.record(ipv4(request % visitors)));
      const oneEach = (visitors: number) => () =>
        costOf(redis, durationMs, (request) => {
          // Its answer is awaited by the application that asks; here only the server's work counts.
          void naive[request % NAIVE_CONNECTIONS]?.zadd(
            "naive",
            Math.floor(Date.now() / 1_000),
            ipv4(request % visitors),
          );
        });
      const variants = [20_000, 2_000].flatMap((visitors) => [
        { name: `Presence, ${visitors} visitors`, measure: ours(visitors) },
        { name: `a ZADD each, ${visitors} visitors`, measure: oneEach(visitors) },
      ]);
      const cpu = "Redis CPU ms per 1,000";
      const results = await interleave(variants, {
        rounds,
        onMeasured: (name, round, figures) => say(`${round} ${name}: ${figures[cpu]?.toFixed(2)} ms`),
      });
      const many = resultOf(results, "Presence, 20000 visitors");
      return {
        results,
        plotted: cpu,
        budgets: [
          {
            what: "commands of Redis per 1,000 requests over 20,000 visitors",
            bound: { atMost: 10 },
            measured: spreadOf(valuesOf(many, "Redis commands per 1,000")).median,
            unit: "commands",
          },
          {
            what: "CPU of Redis per 1,000 requests over 20,000 visitors",
            bound: { atMost: 1.6 },
            measured: spreadOf(valuesOf(many, cpu)).median,
            unit: "ms",
          },
          {
            what: "CPU of Redis over 2,000 visitors, over a ZADD each",
            bound: { atMost: 0.1 },
            measured: ratioOf(
              resultOf(results, "Presence, 2000 visitors"),
              resultOf(results, "a ZADD each, 2000 visitors"),
              cpu,
            ).median,
            unit: "times",
          },
        ],
        notes: [
          `${RATE_PER_SECOND} calls of record() a second in one process, flushed each 100 ms; the ZADDs over ${NAIVE_CONNECTIONS} connections.`,
        ],
      };
    } finally {
      await presence.close();
      await store.close();
    }
  },
};

/** Makes requests at the rate for some time, and asks the server what that cost it. */
async function costOf(
  redis: Redis,
  durationMs: number,
  record: (request: number) => void,
): Promise<Measured> {
  const before = await redisWork(redis);
  const startedMs = performance.now();
  let requests = 0;
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      const elapsedMs = Math.min(durationMs, performance.now() - startedMs);
      for (const due = Math.floor((elapsedMs / 1_000) * RATE_PER_SECOND); requests < due; requests += 1)
        record(requests);
      if (elapsedMs < durationMs) return;
      clearInterval(timer);
      // What still waits is flushed within the flush interval.
      setTimeout(resolve, 200);
    }, TICK_MS);
  });
  const after = await redisWork(redis);
  const thousands = requests / 1_000;
  return {
    "Redis CPU ms per 1,000": (after.cpuMs - before.cpuMs) / thousands,
    "Redis commands per 1,000": (after.commands - before.commands) / thousands,
  };
}
