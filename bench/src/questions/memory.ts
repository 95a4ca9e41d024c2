import { connectRedisStore } from "@presence/core/redis";
import { startRedis } from "@presence/testkit";
import { usedBytes } from "../harness/accounts.ts";
import type { Measured, VariantResult } from "../harness/figures.ts";
import { interleave } from "../harness/interleave.ts";
import { ratioOf, spreadOf, valuesOf } from "../harness/figures.ts";
import { PATIENCE_MS } from "../harness/patience.ts";
import type { Question } from "../harness/question.ts";
import { resultOf } from "../harness/results.ts";
import { seedVisitors } from "../harness/visitors.ts";
import { startCentrifuge } from "../peers/centrifuge.ts";

const CENTRIFUGE_WORKERS = 512;
const ASKED = 20;

/** What a visitor online costs Redis, and what a count of them takes. */
export const memory: Question = {
  name: "memory",
  asks: "How much memory of Redis does a visitor online take, and how long does a count take at 100,000?",

  async answer({ rounds, isQuick, say }) {
    const visitors = isQuick ? 5_000 : 100_000;
    const big = isQuick ? 10_000 : 1_000_000;

    async function ours(amount: number): Promise<Measured> {
      await using server = await startRedis();
      const redis = server.client();
      const store = connectRedisStore({ url: server.url });
      try {
        await store.whenReady(PATIENCE_MS);
        const before = await usedBytes(redis);
        await seedVisitors(server, "onlines", amount, store.nowMs() / 1_000);
        const bytes = ((await usedBytes(redis)) - before) / amount;
        const bounds = { afterMs: store.nowMs() - 60_000, untilMs: store.nowMs() + 60_000 };
        return { "bytes a visitor": bytes, "count p50 ms": await p50(() => store.count("site", bounds)) };
      } finally {
        await store.close();
      }
    }

    async function centrifuge(hasUserMapping: boolean): Promise<Measured> {
      await using server = await startRedis();
      await using peer = await startCentrifuge({ redisPort: server.port, hasUserMapping });
      const redis = server.client();
      const before = await usedBytes(redis);
      await peer.add(0, visitors, CENTRIFUGE_WORKERS);
      const bytes = ((await usedBytes(redis)) - before) / visitors;
      const { p50Ms, clients } = await peer.stats(ASKED);
      if (clients !== visitors) throw new Error(`Centrifuge counts ${clients} of ${visitors}`);
      return { "bytes a visitor": bytes, "count p50 ms": p50Ms };
    }

    const names = {
      ours: `Presence, ${visitors}`,
      big: `Presence, ${big}`,
      plain: `Centrifuge, ${visitors}`,
      mapped: `Centrifuge with user mapping, ${visitors}`,
    };
    const results = await interleave(
      [
        { name: names.ours, measure: () => ours(visitors) },
        { name: names.big, measure: () => ours(big) },
        { name: names.plain, measure: () => centrifuge(false) },
        { name: names.mapped, measure: () => centrifuge(true) },
      ],
      {
        rounds,
        onMeasured: (name, round, figures) =>
          say(`${round} ${name}: ${figures["bytes a visitor"]?.toFixed(0)} bytes`),
      },
    );
    const of = (name: string): VariantResult => resultOf(results, name);
    const count = "count p50 ms";
    const bytes = "bytes a visitor";
    return {
      results,
      plotted: bytes,
      budgets: [
        {
          what: "memory of Redis for an IPv4 visitor at 1M",
          bound: { atMost: 130 },
          measured: spreadOf(valuesOf(of(names.big), bytes)).median,
          unit: "bytes",
        },
        {
          what: "memory, over Centrifuge's with user mapping",
          bound: { atMost: 1 / 3 },
          measured: ratioOf(of(names.ours), of(names.mapped), bytes).median,
          unit: "times",
        },
        {
          what: "Centrifuge's count of 100,000, over ours",
          bound: { atLeast: 1_000 },
          measured: ratioOf(of(names.plain), of(names.ours), count).median,
          unit: "times",
        },
        {
          what: "our count, over Centrifuge's with user mapping",
          bound: { atMost: 1 },
          measured: ratioOf(of(names.ours), of(names.mapped), count).median,
          unit: "times",
        },
      ],
      notes: [
        "Memory is what used_memory grows by, over the number of visitors; a server of its own each time.",
      ],
    };
  },
};

async function p50(ask: () => Promise<unknown>): Promise<number> {
  const elapsedMs: number[] = [];
  for (let i = 0; i < 10 * ASKED; i += 1) {
    const startedMs = performance.now();
    // oxlint-disable-next-line no-await-in-loop
    await ask();
    elapsedMs.push(performance.now() - startedMs);
  }
  return spreadOf(elapsedMs).median;
}
