import { describe, expect, it } from "vitest";
import { DAY_MS, type HistoryPlace, HOUR_MS, iso, MINUTE_MS, SITE, useHistory } from "./support.ts";

export function rangeContract(fresh: () => Promise<HistoryPlace>): void {
  describe("a range", () => {
    const test = useHistory(fresh);
    const begin = (points: readonly { readonly atMs: number }[]): string[] =>
      points.map(({ atMs }) => iso(atMs));

    it("has nulls where nobody sampled, in every step", async () => {
      await test().add({ "2026-11-24T12:01:00.000Z": 5 });
      const gap = { min: null, max: null, maxAtMs: null, last: null };
      const minutes = await test().points("minute", "2026-11-24T12:00:00Z", "2026-11-24T12:03:00Z");
      expect(minutes[0]).toEqual({ atMs: Date.parse("2026-11-24T12:00:00Z"), ...gap });
      expect(minutes[1]).toMatchObject({ min: 5, max: 5, last: 5 });
      expect(minutes[2]).toEqual({ atMs: Date.parse("2026-11-24T12:02:00Z"), ...gap });
      const hours = await test().points("hour", "2026-11-24T11:00:00Z", "2026-11-24T13:00:00Z");
      expect(hours.map(({ last }) => last)).toEqual([null, 5]);
      const days = await test().points("day", "2026-11-23T00:00:00Z", "2026-11-26T00:00:00Z");
      expect(days.map(({ last }) => last)).toEqual([null, 5, null]);
    });

    it("begins with the point that holds its first instant and ends before its last", async () => {
      const minutes = await test().points("minute", "2026-11-24T12:00:59.999Z", "2026-11-24T12:02:00.001Z");
      expect(begin(minutes)).toEqual([
        "2026-11-24T12:00:00.000Z",
        "2026-11-24T12:01:00.000Z",
        "2026-11-24T12:02:00.000Z",
      ]);
      expect(
        begin(await test().points("minute", "2026-11-24T12:00:00Z", "2026-11-24T12:01:00Z")),
      ).toHaveLength(1);
      expect(begin(await test().points("day", "2026-11-24T12:00:00Z", "2026-11-24T13:00:00Z"))).toEqual([
        "2026-11-24T00:00:00.000Z",
      ]);
    });

    it("knows a day by its clocks when they are put forward and back", async () => {
      const berlin = await test().open("Europe/Berlin");
      await test().add(
        {
          "2026-03-28T22:59:59.999Z": 1, // the 28th, 23:59:59.999
          "2026-03-28T23:00:00.000Z": 2, // the 29th, midnight
          "2026-03-29T21:59:59.999Z": 3, // the 29th, 23 hours later
          "2026-03-29T22:00:00.000Z": 4, // the 30th, midnight
          "2026-10-24T22:00:00.000Z": 5, // the 25th, midnight
          "2026-10-25T22:59:59.999Z": 6, // the 25th, 25 hours later
          "2026-10-25T23:00:00.000Z": 7, // the 26th, midnight
        },
        berlin,
      );
      const days = async (from: string, to: string): Promise<unknown[]> =>
        (await berlin.range(SITE, { step: "day", fromMs: Date.parse(from), toMs: Date.parse(to) })).map(
          ({ atMs, min, max }) => [iso(atMs), min, max],
        );
      expect(await days("2026-03-28T12:00:00Z", "2026-03-30T12:00:00Z")).toEqual([
        ["2026-03-27T23:00:00.000Z", 1, 1],
        ["2026-03-28T23:00:00.000Z", 2, 3],
        ["2026-03-29T22:00:00.000Z", 4, 4],
      ]);
      expect(await days("2026-10-25T12:00:00Z", "2026-10-26T12:00:00Z")).toEqual([
        ["2026-10-24T22:00:00.000Z", 5, 6],
        ["2026-10-25T23:00:00.000Z", 7, 7],
      ]);
    });

    it("tells of days kept in another time zone under the day that holds their middle", async () => {
      await test().add({ "2026-11-23T12:00:00.000Z": 3, "2026-11-24T02:00:00.000Z": 8 });
      for (const timeZone of ["Asia/Shanghai", "America/New_York"]) {
        const moved = await test().open(timeZone);
        const fromMs = Date.parse("2026-11-23T17:00:00Z");
        const points = await moved.range(SITE, { step: "day", fromMs, toMs: fromMs + DAY_MS });
        const tell = points.map(({ atMs, max }) => [
          new Date(atMs).toLocaleDateString("sv-SE", { timeZone }),
          max,
        ]);
        expect(tell).toContainEqual(["2026-11-24", 8]);
        expect((await moved.peaks(SITE, fromMs + DAY_MS / 2)).today).toMatchObject({ count: 8 });
      }
    });

    it("has at most 1,500 points, and names a step that fits", async () => {
      const { history } = test();
      const fromMs = Date.parse("2020-01-01T00:00:00Z");
      const range = (step: "minute" | "hour" | "day", lengthMs: number) =>
        history.range(SITE, { step, fromMs, toMs: fromMs + lengthMs });
      expect(await range("minute", 1_500 * MINUTE_MS)).toHaveLength(1_500);
      expect(await range("day", 1_500 * DAY_MS)).toHaveLength(1_500);
      const tooLong = (step: string) => ({
        code: "PRESENCE_RANGE_TOO_LONG",
        message: expect.stringContaining(`step=${step}`),
      });
      await expect(range("minute", 1_500 * MINUTE_MS + 1)).rejects.toMatchObject(tooLong("hour"));
      await expect(range("minute", 1_501 * HOUR_MS)).rejects.toMatchObject(tooLong("day"));
      await expect(range("hour", 1_501 * HOUR_MS)).rejects.toMatchObject(tooLong("day"));
      await expect(range("day", 1_501 * DAY_MS)).rejects.toMatchObject(tooLong("day"));
      await expect(range("minute", 5_000 * DAY_MS)).rejects.toMatchObject(tooLong("day"));
    });

    it.each([
      ["ends where it begins", 1_000, 1_000],
      ["ends before it begins", 1_000, 999],
      ["begins at no time", Number.NaN, 1_000],
      ["ends at no time", 1_000, Infinity],
      ["begins before 1970", -1, 1_000],
    ])("that %s is refused", async (_, fromMs, toMs) => {
      await expect(test().history.range(SITE, { step: "minute", fromMs, toMs })).rejects.toMatchObject({
        code: "PRESENCE_INVALID_TIME",
      });
    });
  });
}
