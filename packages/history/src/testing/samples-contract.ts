import { describe, expect, it } from "vitest";
import { type HistoryPlace, MINUTE_MS, readable, SECOND_MS, SITE, useHistory } from "./support.ts";

export function samplesContract(fresh: () => Promise<HistoryPlace>, hasAtomicUpdates: boolean): void {
  describe("samples", () => {
    const test = useHistory(fresh);

    it("become the lowest, the highest with its moment, and the last of their minute, hour and day", async () => {
      await test().add({
        "2026-11-24T12:00:00.000Z": 5,
        "2026-11-24T12:00:10.000Z": 9,
        "2026-11-24T12:00:20.000Z": 3,
        "2026-11-24T12:00:50.000Z": 4,
        "2026-11-24T12:01:00.000Z": 12,
        "2026-11-24T13:00:00.000Z": 1,
      });
      expect(readable(await test().points("minute", "2026-11-24T12:00:00Z", "2026-11-24T12:02:00Z"))).toEqual(
        [
          { at: "2026-11-24T12:00:00.000Z", min: 3, max: 9, last: 4, maxAt: "2026-11-24T12:00:10.000Z" },
          { at: "2026-11-24T12:01:00.000Z", min: 12, max: 12, last: 12, maxAt: "2026-11-24T12:01:00.000Z" },
        ],
      );
      expect(readable(await test().points("hour", "2026-11-24T12:00:00Z", "2026-11-24T13:00:00Z"))).toEqual([
        { at: "2026-11-24T12:00:00.000Z", min: 3, max: 12, last: 12, maxAt: "2026-11-24T12:01:00.000Z" },
      ]);
      expect(readable(await test().points("day", "2026-11-24T00:00:00Z", "2026-11-25T00:00:00Z"))).toEqual([
        { at: "2026-11-24T00:00:00.000Z", min: 1, max: 12, last: 1, maxAt: "2026-11-24T12:01:00.000Z" },
      ]);
    });

    it("of zero are zeros, not gaps", async () => {
      await test().add({ "2026-11-24T12:00:00.000Z": 0 });
      const [point] = await test().points("minute", "2026-11-24T12:00:00Z", "2026-11-24T12:01:00Z");
      expect(point).toMatchObject({ min: 0, max: 0, last: 0 });
      const peaks = await test().history.peaks(SITE, Date.parse("2026-11-24T12:00:00Z"));
      expect(peaks.today).toEqual({ count: 0, atMs: Date.parse("2026-11-24T12:00:00Z") });
    });

    it("may come again and in any order", async () => {
      await test().add({ "2026-11-24T12:00:30.000Z": 4, "2026-11-24T12:00:10.000Z": 9 });
      await test().add({ "2026-11-24T12:00:20.000Z": 2, "2026-11-24T12:00:30.000Z": 4 });
      await test().add({ "2026-11-24T12:00:10.000Z": 9 });
      expect(readable(await test().points("minute", "2026-11-24T12:00:00Z", "2026-11-24T12:01:00Z"))).toEqual(
        [{ at: "2026-11-24T12:00:00.000Z", min: 2, max: 9, last: 4, maxAt: "2026-11-24T12:00:10.000Z" }],
      );
    });

    it("of equal height keep the first moment, of the same instant the higher one is the last", async () => {
      await test().add({ "2026-11-24T12:00:20.000Z": 7 });
      await test().add({ "2026-11-24T12:00:10.000Z": 7, "2026-11-24T12:00:30.000Z": 7 });
      await test().add({ "2026-11-24T12:00:40.000Z": 5 });
      await test().add({ "2026-11-24T12:00:40.000Z": 6 });
      await test().add({ "2026-11-24T12:00:40.000Z": 4 });
      expect(readable(await test().points("minute", "2026-11-24T12:00:00Z", "2026-11-24T12:01:00Z"))).toEqual(
        [{ at: "2026-11-24T12:00:00.000Z", min: 4, max: 7, last: 6, maxAt: "2026-11-24T12:00:10.000Z" }],
      );
    });

    it("may be as large as whole numbers go", async () => {
      const count = Number.MAX_SAFE_INTEGER;
      await test().add({ "2026-11-24T12:00:00.000Z": 2_147_483_648, "2026-11-24T12:00:01.000Z": count });
      const [point] = await test().points("minute", "2026-11-24T12:00:00Z", "2026-11-24T12:01:00Z");
      expect(point).toMatchObject({ min: 2_147_483_648, max: count, last: count });
    });

    it("of channels stay apart, whatever their names", async () => {
      const { history } = test();
      const atMs = Date.parse("2026-11-24T12:00:00Z");
      const channels = ["site", "page:/pricing", "page:/pricing/", "bots:site", "page:/a%20b.c~d", "x$y"];
      for (const [index, channel] of channels.entries()) {
        await history.addSample({ channel, count: index, atMs });
      }
      for (const [index, channel] of channels.entries()) {
        const query = { step: "hour", fromMs: atMs, toMs: atMs + MINUTE_MS } as const;
        expect(await history.range(channel, query)).toEqual([
          { atMs, min: index, max: index, maxAtMs: atMs, last: index },
        ]);
        expect((await history.peaks(channel, atMs)).allTime).toEqual({ count: index, atMs });
      }
    });

    it.each([
      ["no channel", { channel: "", count: 1, atMs: 0 }, "PRESENCE_INVALID_CHANNEL"],
      ["a channel with a space", { channel: "a b", count: 1, atMs: 0 }, "PRESENCE_INVALID_CHANNEL"],
      ["half a visitor", { channel: SITE, count: 0.5, atMs: 0 }, "PRESENCE_INVALID_OPTION"],
      ["less than nobody", { channel: SITE, count: -1, atMs: 0 }, "PRESENCE_INVALID_OPTION"],
      ["no number", { channel: SITE, count: Number.NaN, atMs: 0 }, "PRESENCE_INVALID_OPTION"],
      ["part of a millisecond", { channel: SITE, count: 1, atMs: 0.5 }, "PRESENCE_INVALID_TIME"],
      ["microseconds by mistake", { channel: SITE, count: 1, atMs: 1.8e15 }, "PRESENCE_INVALID_TIME"],
    ])("of %s are refused", async (_, sample, code) => {
      await expect(test().history.addSample(sample)).rejects.toMatchObject({ code });
    });

    it(`may be added by several ${hasAtomicUpdates ? "at once" : "in turn"}`, async () => {
      const stores = await Promise.all([test().open(), test().open(), test().open()]);
      const startMs = Date.parse("2026-11-24T12:00:00Z");
      const counts = [5, 9, 3, 8, 9, 1, 2, 7, 6, 4, 0, 5];
      for (let minute = 0; minute < 10; minute += 1) {
        const adds = counts.map((count, index) => async () => {
          const atMs = startMs + minute * MINUTE_MS + index * SECOND_MS;
          await stores[index % 3]?.addSample({ channel: SITE, count, atMs });
        });
        await (hasAtomicUpdates ? atOnce(adds) : inTurn(adds));
      }
      const points = await test().points("minute", "2026-11-24T12:00:00Z", "2026-11-24T12:10:00Z");
      expect(points).toEqual(
        Array.from({ length: 10 }, (_, minute) => {
          const atMs = startMs + minute * MINUTE_MS;
          return { atMs, min: 0, max: 9, maxAtMs: atMs + SECOND_MS, last: 5 };
        }),
      );
    });
  });
}

async function atOnce(works: readonly (() => Promise<void>)[]): Promise<void> {
  await Promise.all(works.map((work) => work()));
}

async function inTurn(works: readonly (() => Promise<void>)[]): Promise<void> {
  for (const work of works) await work();
}
