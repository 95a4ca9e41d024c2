import { createPresence } from "@presence/core";
import { connectRedisStore } from "@presence/core/redis";
import { startRedis } from "@presence/testkit";
import { usedBytes } from "../harness/accounts.ts";
import { type Measured, spreadOf, type VariantResult } from "../harness/figures.ts";
import { PATIENCE_MS } from "../harness/patience.ts";
import type { Question } from "../harness/question.ts";
import { seedVisitors } from "../harness/visitors.ts";

const ASKED = 200;
const PAGE = 1_000;

/** How each cost grows with the number of visitors. */
export const scale: Question = {
  name: "scale",
  asks: "How do the costs of a count, a page of the list, a prune and the memory grow from a thousand visitors to ten million?",

  async answer({ isQuick, say }) {
    const sizes = isQuick ? [1_000, 10_000] : [1_000, 10_000, 100_000, 1_000_000, 10_000_000];
    const rounds: Measured[] = [];
    for (const visitors of sizes) {
      // oxlint-disable-next-line no-await-in-loop
      rounds.push(await measure(visitors));
      say(`${visitors}: ${JSON.stringify(rounds.at(-1))}`);
    }
    const lines: readonly VariantResult[] = ["count µs", "page of 1,000 µs", "prune ms", "memory MB"].map(
      (figure) => ({
        variant: figure,
        rounds: rounds.map((round) => ({ visitors: round["visitors"] ?? 0, cost: round[figure] ?? 0 })),
      }),
    );
    const [smallest, largest] = [rounds[0], rounds.at(-1)];
    return {
      results: lines,
      plotted: "cost",
      plottedOver: "visitors",
      budgets: [
        {
          what: "a count at 10M visitors, over one at 1,000",
          bound: { atMost: 1.5 },
          measured: (largest?.["count µs"] ?? 0) / (smallest?.["count µs"] ?? 1),
          unit: "times",
        },
      ],
      notes: [
        "One server of Redis; each size once, medians of its questions. A prune removes all of them, expired.",
        ...rounds.map((round) =>
          Object.entries(round)
            .map(([figure, value]) => `${figure} ${value.toPrecision(3)}`)
            .join(", "),
        ),
      ],
    };
  },
};

async function measure(visitors: number): Promise<Measured> {
  await using server = await startRedis();
  const redis = server.client();
  const store = connectRedisStore({ url: server.url });
  await store.whenReady(PATIENCE_MS);
  const presence = createPresence({ store, readTimeoutMs: PATIENCE_MS });
  try {
    const before = await usedBytes(redis);
    const seed = (agoSeconds: number): Promise<void> =>
      seedVisitors(server, "onlines", visitors, Math.floor(store.nowMs() / 1_000) - agoSeconds);
    await seed(0);
    const memoryMb = ((await usedBytes(redis)) - before) / 1e6;
    const countMs = await medianMs(() => presence.count());
    const pageMs = await medianMs(() => presence.list({ limit: PAGE }));
    await redis.flushall();
    await seed(3_600);
    const { elapsedMs } = await presence.prune();
    return {
      visitors,
      "count µs": countMs * 1_000,
      "page of 1,000 µs": pageMs * 1_000,
      "prune ms": Math.max(1, elapsedMs),
      "memory MB": memoryMb,
    };
  } finally {
    await presence.close();
    await store.close();
  }
}

async function medianMs(ask: () => Promise<unknown>): Promise<number> {
  const elapsed: number[] = [];
  for (let i = 0; i < ASKED; i += 1) {
    const startedMs = performance.now();
    // oxlint-disable-next-line no-await-in-loop
    await ask();
    elapsed.push(performance.now() - startedMs);
  }
  return spreadOf(elapsed).median;
}
