import { startLoad, startRedis } from "@presence/testkit";
import { ratioOf } from "../harness/figures.ts";
import { interleave } from "../harness/interleave.ts";
import { PATIENCE_MS } from "../harness/patience.ts";
import type { Question } from "../harness/question.ts";
import { resultOf } from "../harness/results.ts";
import { startKoa } from "../peers/apps.ts";
import { attack } from "../peers/vegeta.ts";

/** Whether our own generator of load measures what another one measures. */
export const generator: Question = {
  name: "generator",
  asks: "Does the generator of load that the other questions use measure what vegeta measures?",

  async answer({ rounds, isQuick, say }) {
    await using redis = await startRedis();
    await using app = await startKoa("bare", redis.url);
    const shape = { ratePerSecond: isQuick ? 100 : 500, durationMs: isQuick ? 500 : 4_000 };
    const results = await interleave(
      [
        {
          name: "ours",
          async measure() {
            const load = await startLoad({ urls: [app.url], ...shape, timeoutMs: PATIENCE_MS });
            const [phase] = (await load.done).phases;
            if (phase === undefined || phase.statuses["200"] !== phase.sent)
              throw new Error(JSON.stringify(phase));
            return { "p50 ms": phase.latencyMs.p50, "p99 ms": phase.latencyMs.p99 };
          },
        },
        {
          name: "vegeta",
          async measure() {
            const { p50Ms, p99Ms } = await attack(app.url, shape.ratePerSecond, shape.durationMs);
            return { "p50 ms": p50Ms, "p99 ms": p99Ms };
          },
        },
      ],
      { rounds, onMeasured: (name, round, figures) => say(`${round} ${name}: p50 ${figures["p50 ms"]} ms`) },
    );
    const [ours, vegeta] = [resultOf(results, "ours"), resultOf(results, "vegeta")];
    const ratio = (figure: string): string => ratioOf(ours, vegeta, figure).median.toFixed(2);
    return {
      results,
      plotted: "p50 ms",
      budgets: [],
      notes: [
        `${shape.ratePerSecond} requests a second to a bare Koa; ours over vegeta: ${ratio("p50 ms")} times at p50, ${ratio("p99 ms")} at p99.`,
      ],
    };
  },
};
