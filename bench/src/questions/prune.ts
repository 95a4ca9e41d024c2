import { createPresence } from "@presence/core";
import { connectRedisStore } from "@presence/core/redis";
import { startRedis } from "@presence/testkit";
import { ratioOf, spreadOf, valuesOf } from "../harness/figures.ts";
import { interleave } from "../harness/interleave.ts";
import { PATIENCE_MS } from "../harness/patience.ts";
import type { Question } from "../harness/question.ts";
import { seedVisitors } from "../harness/visitors.ts";

const EXPIRED_SECONDS_AGO = 3_600;
const MICROSECONDS = 1_000;

/** What it costs to remove a million who left, and how long Redis answers nobody else meanwhile. */
export const prune: Question = {
  name: "prune",
  asks: "How long does it take to remove a million expired visitors, and for how long is Redis blocked at a time?",

  async answer({ rounds, isQuick, say }) {
    const visitors = isQuick ? 10_000 : 1_000_000;
    await using server = await startRedis({
      config: { "slowlog-log-slower-than": 0, "slowlog-max-len": 4_096 },
    });
    const store = connectRedisStore({ url: server.url });
    await store.whenReady(PATIENCE_MS);
    const presence = createPresence({ store, readTimeoutMs: PATIENCE_MS });
    const client = server.client();
    try {
      const measure = (remove: () => Promise<unknown>) => async () => {
        const atSeconds = Math.floor(store.nowMs() / 1_000) - EXPIRED_SECONDS_AGO;
        await seedVisitors(server, "onlines", visitors, atSeconds);
        await client.slowlog("RESET");
        const startedMs = performance.now();
        await remove();
        const totalMs = performance.now() - startedMs;
        const slow = (await client.slowlog("GET", 4_096)) as [number, number, number, string[]][];
        const longest = Math.max(...slow.map(([, , microseconds]) => microseconds)) / MICROSECONDS;
        if ((await client.zcard("onlines")) !== 0) throw new Error("some expired visitors are still there");
        return { "total ms": totalMs, "longest block ms": longest };
      };
      const variants = [
        { name: "presence prune", measure: measure(() => presence.prune()) },
        {
          name: "one ZREMRANGEBYSCORE",
          measure: measure(() => client.zremrangebyscore("onlines", "-inf", store.nowMs() / 1_000 - 60)),
        },
      ];
      const results = await interleave(variants, {
        rounds,
        onMeasured: (name, round, figures) =>
          say(
            `${round} ${name} ${figures["total ms"]?.toFixed(0)} ms, longest ${figures["longest block ms"]?.toFixed(1)} ms`,
          ),
      });
      const [ours, single] = results;
      if (ours === undefined || single === undefined) throw new RangeError("a variant is missing");
      return {
        results,
        plotted: "longest block ms",
        budgets: [
          {
            what: "the longest script of a prune of 1M",
            bound: { atMost: 5 },
            measured: spreadOf(valuesOf(ours, "longest block ms")).max,
            unit: "ms",
          },
          {
            what: "a whole prune of 1M, over one ZREMRANGEBYSCORE",
            bound: { atMost: 2 },
            measured: ratioOf(ours, single, "total ms").median,
            unit: "times",
          },
        ],
        notes: ["The longest block is the longest entry of SLOWLOG, which is the server's own measurement."],
      };
    } finally {
      await presence.close();
      await store.close();
    }
  },
};
