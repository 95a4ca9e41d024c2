import { connectRedisStore } from "@presence/core/redis";
import { startRedis } from "@presence/testkit";
import { ratioOf } from "../harness/figures.ts";
import { interleave } from "../harness/interleave.ts";
import { PATIENCE_MS } from "../harness/patience.ts";
import type { Question } from "../harness/question.ts";
import { resultOf } from "../harness/results.ts";
import { ipv4, MEMBERS_PER_COMMAND, pipeCommands, zaddCommands } from "../harness/visitors.ts";
import { startCentrifuge } from "../peers/centrifuge.ts";

const CENTRIFUGE_WORKERS = 512;
const FLUSH_VISITORS = 5_000;
const FLUSHES_AT_ONCE = 4;

/** How many visitors a second can be written. */
export const bulk: Question = {
  name: "bulk",
  asks: "How many visitors a second can one process write to one Redis?",

  async answer({ rounds, isQuick, say }) {
    const visitors = isQuick ? 20_000 : 1_000_000;
    await using server = await startRedis();
    const redis = server.client();
    const store = connectRedisStore({ url: server.url, key: "ours" });
    await store.whenReady(PATIENCE_MS);
    await using plain = await startCentrifuge({ redisPort: server.port, hasUserMapping: false });
    await using mapped = await startCentrifuge({ redisPort: server.port, hasUserMapping: true });
    const atSeconds = Math.floor(store.nowMs() / 1_000);
    // Made before it is measured: the quickest client there is only sends.
    const commands = [...zaddCommands("piped", visitors, atSeconds)].map((command) => Buffer.from(command));
    const fresh = (write: () => Promise<number>) => async () => {
      await redis.flushall();
      return { "visitors/s": await write() };
    };
    const ofCentrifuge = isQuick ? 5_000 : 200_000;
    try {
      const variants = [
        {
          name: "redis-cli --pipe",
          measure: fresh(async () => perSecond(visitors, () => pipeCommands(server, commands))),
        },
        {
          name: "Presence store",
          measure: fresh(async () => perSecond(visitors, () => writeAll(store, visitors))),
        },
        {
          name: "Centrifuge",
          measure: fresh(async () => (await plain.add(0, ofCentrifuge, CENTRIFUGE_WORKERS)).perSecond),
        },
        {
          name: "Centrifuge with user mapping",
          measure: fresh(async () => (await mapped.add(0, ofCentrifuge, CENTRIFUGE_WORKERS)).perSecond),
        },
      ];
      const results = await interleave(variants, {
        rounds,
        onMeasured: (name, round, figures) =>
          say(`${round} ${name}: ${Math.round(figures["visitors/s"] ?? 0)}/s`),
      });
      const ours = resultOf(results, "Presence store");
      const times = (other: string): number => ratioOf(ours, resultOf(results, other), "visitors/s").median;
      return {
        results,
        plotted: "visitors/s",
        budgets: [
          {
            what: "visitors a second of the store, over a C client sending the same",
            bound: { atLeast: 0.8 },
            measured: times("redis-cli --pipe"),
            unit: "times",
          },
          {
            what: "visitors a second, over Centrifuge's presence manager",
            bound: { atLeast: 5 },
            measured: times("Centrifuge"),
            unit: "times",
          },
        ],
        notes: [
          `${visitors} visitors in ZADDs of ${MEMBERS_PER_COMMAND}; Centrifuge adds one a call (${ofCentrifuge} visitors, ${CENTRIFUGE_WORKERS} at a time), which is all that its interface takes.`,
        ],
      };
    } finally {
      await store.close();
    }
  },
};

async function perSecond(visitors: number, write: () => Promise<void>): Promise<number> {
  const startedMs = performance.now();
  await write();
  return visitors / ((performance.now() - startedMs) / 1_000);
}

/** As the recorder flushes: some thousands of visitors a write, a few writes at a time. */
async function writeAll(store: ReturnType<typeof connectRedisStore>, visitors: number): Promise<void> {
  const nowMs = Math.floor(store.nowMs());
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < visitors) {
      const first = next;
      next = Math.min(visitors, first + FLUSH_VISITORS);
      const sightings = new Map<string, number>();
      for (let number = first; number < next; number += 1) sightings.set(ipv4(number), nowMs);
      // oxlint-disable-next-line no-await-in-loop
      await store.record(new Map([["site", sightings]]), { nowMs, ttlSeconds: 180 });
    }
  };
  await Promise.all(Array.from({ length: FLUSHES_AT_ONCE }, work));
}
