import { createPresence } from "@presence/core";
import { connectRedisStore } from "@presence/core/redis";
import { startRedis } from "@presence/testkit";
import { spreadOf, ratioOf, type Measured } from "../harness/figures.ts";
import { interleave } from "../harness/interleave.ts";
import { PATIENCE_MS } from "../harness/patience.ts";
import type { Question } from "../harness/question.ts";
import { ipv4, seedVisitors } from "../harness/visitors.ts";

const ASKED_A_ROUND = 2_000;
const PENDING = 1_000;

/** How long a count takes, beside the shortest question there is. */
export const count: Question = {
  name: "count",
  asks: "How long does a count of a million visitors take, in round trips of PING?",

  async answer({ rounds, isQuick, say }) {
    const visitors = isQuick ? 10_000 : 1_000_000;
    const asked = isQuick ? 50 : ASKED_A_ROUND;
    await using server = await startRedis();
    const store = connectRedisStore({ url: server.url });
    await store.whenReady(PATIENCE_MS);
    const presence = createPresence({
      store,
      flushMs: 10_000,
      windowSeconds: 600,
      readTimeoutMs: PATIENCE_MS,
    });
    try {
      await seedVisitors(server, "onlines", visitors, store.nowMs() / 1_000);
      say(`${visitors} visitors online`);
      const client = server.client();
      const variants = [
        { name: "PING", measure: () => timed(asked, () => client.ping()) },
        { name: "count", measure: () => timed(asked, () => presence.count()) },
        {
          name: `count with ${PENDING} pending`,
          measure: () =>
            timed(
              Math.ceil(asked / 20),
              () => presence.count(),
              () => {
                for (let i = 0; i < PENDING; i += 1) presence.record(ipv4(i));
              },
            ),
        },
      ];
      const results = await interleave(variants, {
        rounds,
        onMeasured: (name, round, figures) => say(`${round} ${name} ${figures["p50 ms"]?.toFixed(3)} ms`),
      });
      const [ping, plain, pending] = results;
      if (ping === undefined || plain === undefined || pending === undefined)
        throw new RangeError("a variant is missing");
      const extra = spreadOf(
        pending.rounds.map((round, i) => (round["p50 ms"] ?? 0) - 1.5 * (ping.rounds[i]?.["p50 ms"] ?? 0)),
      );
      return {
        results,
        plotted: "p50 ms",
        budgets: [
          {
            what: "a count of 1M with nothing pending, over PING",
            bound: { atMost: 1.5 },
            measured: ratioOf(plain, ping, "p50 ms").median,
            unit: "times",
          },
          {
            what: `with ${PENDING} pending, beyond that`,
            bound: { atMost: 2 },
            measured: extra.median,
            unit: "ms",
          },
        ],
        notes: [`Each figure is of ${asked} questions one after the other on one connection.`],
      };
    } finally {
      await presence.close();
      await store.close();
    }
  },
};

/** Asks one after the other; `before` is not in the time. */
async function timed(times: number, ask: () => Promise<unknown>, before = (): void => {}): Promise<Measured> {
  const elapsedMs: number[] = [];
  for (let i = 0; i < times; i += 1) {
    before();
    const startedMs = performance.now();
    // oxlint-disable-next-line no-await-in-loop
    await ask();
    elapsedMs.push(performance.now() - startedMs);
  }
  elapsedMs.sort((a, b) => a - b);
  const at = (part: number): number => elapsedMs[Math.ceil(part * times) - 1] ?? Number.NaN;
  return { "p50 ms": at(0.5), "p99 ms": at(0.99) };
}
