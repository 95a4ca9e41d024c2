import { countChannels, createPresence } from "@presence/core";
import { connectRedisStore } from "@presence/core/redis";
import { startRedis } from "@presence/testkit";
import { usedBytes } from "../harness/accounts.ts";
import { type Measured, ratioOf, spreadOf } from "../harness/figures.ts";
import { interleave } from "../harness/interleave.ts";
import { PATIENCE_MS } from "../harness/patience.ts";
import type { Question } from "../harness/question.ts";
import { recordAll } from "../harness/record-all.ts";
import { resultOf } from "../harness/results.ts";
import { ipv4 } from "../harness/visitors.ts";

const COUNTS = 200;
const VISITORS_A_CHANNEL = 3;

/** What many small channels cost. */
export const channels: Question = {
  name: "channels",
  asks: "What do 100,000 channels with three visitors each cost, to write, to keep, to count one and to count all?",

  async answer({ rounds, isQuick, say }) {
    const amounts = isQuick ? [100, 1_000] : [1_000, 100_000];
    const name = (amount: number): string => `${amount} channels`;
    const results = await interleave(
      amounts.map((amount) => ({ name: name(amount), measure: () => measure(amount) })),
      {
        rounds,
        onMeasured: (variant, round, figures) => say(`${round} ${variant}: ${JSON.stringify(figures)}`),
      },
    );
    const [few, many] = amounts.map((amount) => resultOf(results, name(amount)));
    if (few === undefined || many === undefined) throw new RangeError("a variant is missing");
    return {
      results,
      plotted: "bytes a channel",
      budgets: [
        {
          what: "a count of one channel among 100,000, over one among 1,000",
          bound: { atMost: 1.5 },
          measured: ratioOf(many, few, "count of one p50 ms").median,
          unit: "times",
        },
      ],
      notes: [
        "Recorded through the recorder of one process, with its index of channels; counting all is what GET /v1/channels does.",
      ],
    };
  },
};

async function measure(amount: number): Promise<Measured> {
  await using server = await startRedis();
  const redis = server.client();
  const store = connectRedisStore({ url: server.url });
  await store.whenReady(PATIENCE_MS);
  const sightings = amount * VISITORS_A_CHANNEL;
  const presence = createPresence({ store, readTimeoutMs: PATIENCE_MS });
  try {
    const before = await usedBytes(redis);
    const startedMs = performance.now();
    await recordAll(presence, sightings, (number) =>
      presence.record(ipv4(number), { channel: `page:/product/${number % amount}` }),
    );
    const seconds = (performance.now() - startedMs) / 1_000;
    const bytes = ((await usedBytes(redis)) - before) / amount;
    const one: number[] = [];
    for (let i = 0; i < COUNTS; i += 1) {
      const askedMs = performance.now();
      // oxlint-disable-next-line no-await-in-loop
      const { count } = await presence.count({ channel: `page:/product/${i % amount}` });
      one.push(performance.now() - askedMs);
      if (count !== VISITORS_A_CHANNEL) throw new Error(`a channel counts ${count}`);
    }
    const allMs = performance.now();
    const all = await countChannels(store, { windowSeconds: 60, liveMs: 600_000, max: amount });
    if (all.channels.length !== amount)
      throw new Error(`${all.channels.length} of ${amount} channels are listed`);
    return {
      "sightings/s": sightings / seconds,
      "bytes a channel": bytes,
      "count of one p50 ms": spreadOf(one).median,
      "count of all ms": performance.now() - allMs,
    };
  } finally {
    await presence.close();
    await store.close();
  }
}
