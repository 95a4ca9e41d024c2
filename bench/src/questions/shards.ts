import { createPresence } from "@presence/core";
import { connectRedisStore, shardTags, slotOf } from "@presence/core/redis";
import { startCluster, startRedis } from "@presence/testkit";
import { redisWork } from "../harness/accounts.ts";
import { type Measured, spreadOf, valuesOf } from "../harness/figures.ts";
import { interleave } from "../harness/interleave.ts";
import { PATIENCE_MS } from "../harness/patience.ts";
import type { Question } from "../harness/question.ts";
import { recordAll } from "../harness/record-all.ts";
import { resultOf } from "../harness/results.ts";
import { ipv4 } from "../harness/visitors.ts";

const SLOTS = 16_384;
const COUNTS = 300;
const CLUSTER = "16 shards on 3 masters";

/** What spreading a channel over a cluster costs and brings. */
export const shards: Question = {
  name: "shards",
  asks: "What does one channel over 16 shards on a cluster of three masters cost, beside one set on one server?",

  async answer({ rounds, isQuick, say }) {
    const visitors = isQuick ? 10_000 : 300_000;
    await using single = await startRedis();
    await using cluster = await startCluster({ masters: 3 });
    const masters = cluster.nodes;
    const results = await interleave(
      [
        { name: "1 set on 1 server", measure: () => measure(single.url, 1, visitors, [single]) },
        { name: CLUSTER, measure: () => measure(cluster.url, 16, visitors, masters) },
      ],
      {
        rounds,
        onMeasured: (variant, round, figures) => say(`${round} ${variant}: ${JSON.stringify(figures)}`),
      },
    );
    const share = spreadOf(valuesOf(resultOf(results, CLUSTER), "heaviest master, visitors over the mean"));
    const slots = (many: number, over: number, atMost: number) => ({
      what: `slots of the heaviest of ${over} masters over the mean, ${many} shards`,
      bound: { atMost },
      measured: heaviest(many, over),
      unit: "times",
    });
    return {
      results,
      plotted: "visitors/s",
      budgets: [
        {
          what: "visitors of the heaviest master, over the mean",
          bound: { atMost: 1.25 },
          measured: share.max,
          unit: "times",
        },
        slots(16, 3, 1.25),
        slots(16, 6, 1.25),
        slots(16, 16, 1.25),
        slots(64, 5, 1.25),
        slots(16, 5, 1.27),
      ],
      notes: [
        "All servers and the writer share this machine's cores: it shows what is spread, not what three machines bring.",
        "Each count was exact, or the question would have failed.",
      ],
    };
  },
};

type Server = Awaited<ReturnType<typeof startRedis>>;

async function measure(
  url: string,
  amount: number,
  visitors: number,
  servers: readonly Server[],
): Promise<Measured> {
  const clients = servers.map((server) => server.client());
  await Promise.all(clients.map((client) => client.flushall()));
  const store = connectRedisStore({ url, shards: amount });
  await store.whenReady(PATIENCE_MS);
  const presence = createPresence({
    store,
    windowSeconds: 600,
    readTimeoutMs: PATIENCE_MS,
  });
  const works = () => Promise.all(clients.map((client) => redisWork(client)));
  try {
    const before = await works();
    const startedMs = performance.now();
    await recordAll(presence, visitors, (number) => presence.record(ipv4(number)));
    const seconds = (performance.now() - startedMs) / 1_000;
    const after = await works();
    const elapsedMs: number[] = [];
    for (let i = 0; i < COUNTS; i += 1) {
      const askedMs = performance.now();
      // oxlint-disable-next-line no-await-in-loop
      const { count } = await presence.count();
      elapsedMs.push(performance.now() - askedMs);
      if (count !== visitors) throw new Error(`the count is ${count} of ${visitors}`);
    }
    const held = await Promise.all(clients.map((client) => membersOf(client)));
    const cpuMs = after.reduce((sum, work, i) => sum + work.cpuMs - (before[i]?.cpuMs ?? 0), 0);
    return {
      "visitors/s": visitors / seconds,
      "Redis CPU ms per 1,000 visitors": cpuMs / (visitors / 1_000),
      "count p50 ms": spreadOf(elapsedMs).median,
      "heaviest master, visitors over the mean": Math.max(...held) / (visitors / servers.length),
    };
  } finally {
    await presence.close();
    await store.close();
  }
}

/** How many visitors a server holds in all of its sets. */
async function membersOf(client: ReturnType<Server["client"]>): Promise<number> {
  const keys = (await client.keys("onlines*")).filter((key) => !key.includes(":meta:"));
  const sizes = await Promise.all(keys.map((key) => client.zcard(key)));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** The shards of the master that holds most of them, over the mean, where masters own equal runs of slots. */
function heaviest(amount: number, masters: number): number {
  const held = Array.from({ length: masters }, () => 0);
  for (const tag of shardTags(amount)) {
    const master = Math.floor((slotOf(tag) * masters) / SLOTS);
    held[master] = (held[master] ?? 0) + 1;
  }
  return Math.max(...held) / (amount / masters);
}
