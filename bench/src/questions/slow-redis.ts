import { startFaultProxy, startLoad, startRedis } from "@presence/testkit";
import { interleave } from "../harness/interleave.ts";
import { spreadOf, valuesOf } from "../harness/figures.ts";
import { PATIENCE_MS } from "../harness/patience.ts";
import type { Question } from "../harness/question.ts";
import { resultOf } from "../harness/results.ts";
import { percentileFigures } from "../harness/under-load.ts";
import { startKoa } from "../peers/apps.ts";

const LATENCY_MS = 2_000;

/** How long a request takes while Redis answers after two seconds. */
export const slowRedis: Question = {
  name: "slow-redis",
  asks: "How long does a request take while Redis takes two seconds to answer?",

  async answer({ rounds, isQuick, say }) {
    await using server = await startRedis();
    await using proxy = await startFaultProxy({ targetPort: server.port });
    await using apps = new AsyncDisposableStack();
    const shape = {
      ratePerSecond: 200,
      durationMs: isQuick ? 500 : 4_000,
      visitors: 2_000,
      timeoutMs: PATIENCE_MS,
    };
    const variants = [];
    for (const kind of ["bare", "presence", "naive"] as const) {
      // oxlint-disable-next-line no-await-in-loop
      const app = apps.use(await startKoa(kind, proxy.url()));
      variants.push({
        name: kind === "bare" ? "bare Koa" : kind === "naive" ? "Koa, one awaited ZADD" : "Koa with Presence",
        async measure() {
          const load = await startLoad({ urls: [app.url], ...shape });
          const [phase] = (await load.done).phases;
          if (phase === undefined) throw new Error("the load sent nothing");
          return percentileFigures(phase.latencyMs);
        },
      });
    }
    await proxy.mode({ latencyMs: LATENCY_MS });
    const results = await interleave(variants, {
      rounds,
      onMeasured: (name, round, figures) => say(`${round} ${name}: p99 ${figures["p99 ms"]} ms`),
    });
    const p99 = (name: string): number => spreadOf(valuesOf(resultOf(results, name), "p99 ms")).median;
    return {
      results,
      plotted: "p99 ms",
      budgets: [
        {
          what: "p99 that recording adds with Redis at 2 s",
          bound: { atMost: 5 },
          measured: p99("Koa with Presence") - p99("bare Koa"),
          unit: "ms",
        },
      ],
      notes: ["Redis is behind a TCP proxy that holds each answer back."],
    };
  },
};
