import { describe, expect, it } from "vitest";
import { countChannels, createMemoryStore, createPresence, type Presence } from "../src/index.ts";
import { manualClock } from "../src/testing/index.ts";

const OPTIONS = { windowSeconds: 60, liveMs: 180_000 };

async function record(presence: Presence, channel: string, visitors: number, isBot = false): Promise<void> {
  for (let visitor = 0; visitor < visitors; visitor += 1) presence.record(`v${visitor}`, { channel, isBot });
  await presence.flush();
}

function setUp() {
  const clock = manualClock();
  const store = createMemoryStore({ clock });
  return { clock, store, presence: createPresence({ store }) };
}

describe("the counts of all channels", () => {
  it("are the fullest first, by name among equals, each with its last write", async () => {
    const { clock, store, presence } = setUp();
    await record(presence, "page:/b", 2);
    await record(presence, "page:/a", 2);
    clock.advance(1_000);
    await record(presence, "site", 3);
    const { channels, asOfMs } = await countChannels(store, OPTIONS);
    expect(channels).toEqual([
      { channel: "site", count: 3, bots: null, lastWriteMs: asOfMs },
      { channel: "page:/a", count: 2, bots: null, lastWriteMs: asOfMs - 1_000 },
      { channel: "page:/b", count: 2, bots: null, lastWriteMs: asOfMs - 1_000 },
    ]);
  });

  it("have bots beside the channel they were seen in, those without a person too", async () => {
    const { store, presence } = setUp();
    await record(presence, "site", 1);
    await record(presence, "site", 2, true);
    await record(presence, "page:/robots", 1, true);
    const { channels } = await countChannels(store, OPTIONS);
    expect(channels.map(({ channel, count, bots }) => [channel, count, bots])).toEqual([
      ["site", 1, 2],
      ["page:/robots", 0, 1],
    ]);
  });

  it("hold a channel that everybody left until it is no longer live", async () => {
    const { clock, store, presence } = setUp();
    await record(presence, "page:/a", 1);
    clock.advance(60_000);
    const left = await countChannels(store, OPTIONS);
    expect(left.channels.map(({ channel, count }) => [channel, count])).toEqual([["page:/a", 0]]);
    clock.advance(120_000);
    expect((await countChannels(store, OPTIONS)).channels).toEqual([]);
  });

  it("hold only the channels that are wanted, and of many those written to last", async () => {
    const { clock, store, presence } = setUp();
    for (const channel of ["page:/1", "page:/2", "page:/3", "site"]) {
      await record(presence, channel, 1);
      clock.advance(1);
    }
    const names = async (options: { max?: number; isWanted?: (channel: string) => boolean }) =>
      (await countChannels(store, { ...OPTIONS, ...options })).channels.map(({ channel }) => channel);
    expect(await names({ isWanted: (channel) => channel.startsWith("page:") })).toEqual([
      "page:/1",
      "page:/2",
      "page:/3",
    ]);
    expect(await names({ max: 2 })).toEqual(["page:/3", "site"]);
  });

  it("are complete once recording ran for a whole window", async () => {
    const { clock, store, presence } = setUp();
    expect(await countChannels(store, OPTIONS)).toMatchObject({ channels: [], complete: false });
    await record(presence, "site", 1);
    expect((await countChannels(store, OPTIONS)).complete).toBe(false);
    const registerAnother = () =>
      store.register(
        { id: "another", identity: "ip", ipv6Prefix: 64, windowSeconds: 60, shards: 1 },
        { nowMs: store.nowMs(), ttlSeconds: 180 },
      );
    await registerAnother();
    await presence.close();
    for (let second = 0; second < 60; second += 5) {
      clock.advance(5_000);
      await registerAnother();
    }
    expect((await countChannels(store, OPTIONS)).complete).toBe(true);
  });

  it("hold the site though only programs that note no channel write to it", async () => {
    const { store } = setUp();
    const inner = { ...store, channels: async () => [] };
    const nowMs = store.nowMs();
    await store.record(new Map([["site", new Map([["203.0.113.1", nowMs - 2_000]])]]), {
      nowMs,
      ttlSeconds: 180,
    });
    expect((await countChannels(inner, OPTIONS)).channels).toEqual([
      { channel: "site", count: 1, bots: null, lastWriteMs: nowMs - 2_000 },
    ]);
    expect((await countChannels(createMemoryStore(), OPTIONS)).channels).toEqual([]);
  });
});
