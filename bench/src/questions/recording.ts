import { startRedis } from "@presence/testkit";
import { ratioOf } from "../harness/figures.ts";
import { interleave } from "../harness/interleave.ts";
import type { Question } from "../harness/question.ts";
import { resultOf } from "../harness/results.ts";
import { measureUnderLoad } from "../harness/under-load.ts";
import { type KoaKind, type RunningApp, startDjango, startKoa } from "../peers/apps.ts";

const NAMES: Readonly<Record<KoaKind, string>> = {
  bare: "bare Koa",
  naive: "Koa, one awaited ZADD",
  presence: "Koa with Presence",
  "presence-hashed": "Koa with Presence, hashed",
};
const ORIGINAL = "the original (Django)";

/** What recording costs inside an application, beside the same application without it and with other designs. */
export const recording: Question = {
  name: "recording",
  asks: "What does recording each request cost an application and Redis, beside the same application that records nobody, one that awaits a ZADD for each request, and the original design?",

  async answer({ rounds, isQuick, say }) {
    await using server = await startRedis();
    const redis = server.client();
    const koas: readonly KoaKind[] = ["bare", "naive", "presence", "presence-hashed"];
    await using apps = new AsyncDisposableStack();
    const start = async (app: Promise<RunningApp>): Promise<RunningApp> => apps.use(await app);
    const shape = {
      ratePerSecond: isQuick ? 200 : 1_500,
      durationMs: isQuick ? 500 : 4_000,
      visitors: 2_000,
    };
    const variants = [];
    for (const kind of koas) {
      // oxlint-disable-next-line no-await-in-loop
      const app = await start(startKoa(kind, server.url));
      variants.push({ name: NAMES[kind], measure: () => measureUnderLoad(app, redis, shape) });
    }
    const django = await start(startDjango(server.url));
    // Its processes manage a few hundred a second; what a request costs does not depend on it.
    const slower = { ...shape, ratePerSecond: isQuick ? 100 : 500 };
    variants.push({ name: ORIGINAL, measure: () => measureUnderLoad(django, redis, slower) });

    const results = await interleave(variants, {
      rounds,
      onMeasured: (name, round, figures) =>
        say(`${round} ${name}: ${figures["app CPU ms per 1,000"]?.toFixed(1)} ms CPU per 1,000`),
    });
    const cpu = "app CPU ms per 1,000";
    const ours = resultOf(results, NAMES.presence);
    const ratio = (a: string, b: string): number =>
      ratioOf(resultOf(results, a), resultOf(results, b), cpu).median;
    return {
      results,
      plotted: cpu,
      budgets: [
        {
          what: "CPU per request of an application that records, over the bare one",
          bound: { atMost: 1.03 },
          measured: ratio(NAMES.presence, NAMES.bare),
          unit: "times",
        },
        {
          what: "the same with hashed identity",
          bound: { atMost: 1.08 },
          measured: ratio(NAMES["presence-hashed"], NAMES.bare),
          unit: "times",
        },
        {
          what: "the same, over one that awaits a ZADD",
          bound: { atMost: 1 },
          measured: ratio(NAMES.presence, NAMES.naive),
          unit: "times",
        },
        {
          what: "CPU per recorded request of the original, over ours",
          bound: { atLeast: 13 },
          measured: ratioOf(resultOf(results, ORIGINAL), ours, cpu).median,
          unit: "times",
        },
      ],
      notes: [
        `${shape.ratePerSecond} requests a second over ${shape.visitors} visitors (the original: ${slower.ratePerSecond}), at a fixed rate.`,
      ],
    };
  },
};
