import { describe, expect, it } from "vitest";
import type { Peaks } from "../types.ts";
import { DAY_MS, type HistoryPlace, peak, SITE, useHistory } from "./support.ts";

export function peaksContract(fresh: () => Promise<HistoryPlace>): void {
  describe("peaks", () => {
    const test = useHistory(fresh);
    const peaksAt = (at: string): Promise<Peaks> => test().history.peaks(SITE, Date.parse(at));
    const counts = ({ today, last7Days, allTime }: Peaks): (number | null)[] => [
      today?.count ?? null,
      last7Days?.count ?? null,
      allTime?.count ?? null,
    ];

    it("are null where nothing was sampled", async () => {
      expect(await peaksAt("2026-11-24T12:00:00.000Z")).toEqual({
        channel: SITE,
        asOfMs: Date.parse("2026-11-24T12:00:00.000Z"),
        timeZone: "UTC",
        today: null,
        last7Days: null,
        allTime: null,
        resets: [],
      });
    });

    it("tell today's, seven days' and the highest ever, with the first moment of each", async () => {
      await test().add({
        "2025-01-01T08:00:00.000Z": 90,
        "2026-11-17T23:59:59.999Z": 80, // a moment before the seven days
        "2026-11-18T00:00:00.000Z": 70,
        "2026-11-20T10:00:00.000Z": 70,
        "2026-11-23T23:59:59.999Z": 60, // a moment before today
        "2026-11-24T00:00:00.000Z": 50,
        "2026-11-24T11:00:00.000Z": 50,
      });
      const { today, last7Days, allTime } = await peaksAt("2026-11-24T12:00:00.000Z");
      expect(today).toEqual(peak(50, "2026-11-24T00:00:00.000Z"));
      expect(last7Days).toEqual(peak(70, "2026-11-18T00:00:00.000Z"));
      expect(allTime).toEqual(peak(90, "2025-01-01T08:00:00.000Z"));
      expect(counts(await peaksAt("2026-11-25T00:00:00.000Z"))).toEqual([null, 70, 90]);
    });

    it("are of days in the time zone of the history", async () => {
      const auckland = await test().open("Pacific/Auckland");
      // Midnight there is 11:00 in UTC.
      await test().add({ "2026-11-24T10:59:59.999Z": 9, "2026-11-24T11:00:00.000Z": 4 }, auckland);
      const { timeZone, today, last7Days } = await auckland.peaks(SITE, Date.parse("2026-11-24T23:00:00Z"));
      expect(timeZone).toBe("Pacific/Auckland");
      expect(today).toEqual(peak(4, "2026-11-24T11:00:00.000Z"));
      expect(last7Days).toEqual(peak(9, "2026-11-24T10:59:59.999Z"));
    });

    it("begin anew with a reset, which keeps the reason and the record before it", async () => {
      await test().add({ "2026-11-24T08:00:00.000Z": 50_000, "2026-11-24T09:00:00.000Z": 12 });
      const resetMs = Date.parse("2026-11-24T09:00:00.000Z");
      const reset = { reason: "a load test", nowMs: resetMs };
      const before = peak(50_000, "2026-11-24T08:00:00.000Z");
      const after = await test().history.resetPeak(SITE, "allTime", reset);
      expect(after).toMatchObject({ today: before, last7Days: before, allTime: null });
      expect(after.resets).toEqual([
        { scope: "allTime", atMs: resetMs, reason: "a load test", previous: before },
      ]);
      await test().add({ "2026-11-24T09:00:10.000Z": 20, "2026-11-24T09:00:20.000Z": 30 });
      await test().add({ "2026-11-24T08:30:00.000Z": 40, "2026-11-24T09:00:30.000Z": 30 });
      expect(await peaksAt("2026-11-24T09:01:00.000Z")).toMatchObject({
        today: before,
        last7Days: before,
        allTime: peak(30, "2026-11-24T09:00:20.000Z"),
      });
      const [point] = await test().points("day", "2026-11-24T00:00:00Z", "2026-11-25T00:00:00Z");
      expect(point?.max).toBe(50_000);
    });

    it("forget a reset when their period has left it behind, and never the one of all time", async () => {
      const { history } = test();
      await test().add({ "2026-11-17T12:00:00.000Z": 100, "2026-11-18T11:00:00.000Z": 90 });
      const reset = { reason: "bots", nowMs: Date.parse("2026-11-18T12:00:00.000Z") };
      for (const scope of ["allTime", "today", "last7Days"] as const) {
        await history.resetPeak(SITE, scope, reset);
      }
      expect((await peaksAt("2026-11-18T12:00:00.000Z")).resets.map(({ scope }) => scope)).toEqual([
        "today",
        "last7Days",
        "allTime",
      ]);
      await test().add({ "2026-11-18T13:00:00.000Z": 10, "2026-11-19T13:00:00.000Z": 5 });
      expect(counts(await peaksAt("2026-11-18T14:00:00.000Z"))).toEqual([10, 10, 10]);
      expect(counts(await peaksAt("2026-11-19T14:00:00.000Z"))).toEqual([5, 10, 10]);
      expect(counts(await peaksAt("2026-11-24T23:59:59.999Z"))).toEqual([null, 10, 10]);
      // The day of the reset is no longer one of the seven.
      expect(counts(await peaksAt("2026-11-25T00:00:00.000Z"))).toEqual([null, 5, 10]);
    });

    it("may be reset again, each time with what the last reset began", async () => {
      const { history } = test();
      await test().add({ "2026-11-24T08:00:00.000Z": 9 });
      await history.resetPeak(SITE, "today", { reason: "one", nowMs: Date.parse("2026-11-24T09:00:00Z") });
      await test().add({ "2026-11-24T09:30:00.000Z": 4 });
      const twice = { reason: "two", nowMs: Date.parse("2026-11-24T10:00:00.000Z") };
      const after = await history.resetPeak(SITE, "today", twice);
      expect(after.today).toBeNull();
      expect(after.resets).toEqual([
        {
          scope: "today",
          atMs: twice.nowMs,
          reason: "two",
          previous: peak(4, "2026-11-24T09:30:00.000Z"),
        },
      ]);
      const late = { reason: "late", nowMs: Date.parse("2026-11-24T09:59:00.000Z") };
      expect((await history.resetPeak(SITE, "today", late)).resets).toEqual(after.resets);
      const empty = { reason: "three", nowMs: Date.parse("2026-11-24T11:00:00.000Z") };
      expect((await history.resetPeak(SITE, "today", empty)).resets[0]?.previous).toBeNull();
    });

    it("find after a reset what another process sampled while it was on its way", async () => {
      await test().add({
        "2026-11-24T09:00:20.000Z": 7,
        "2026-11-24T09:00:50.000Z": 5,
        "2026-11-24T09:01:00.000Z": 6,
      });
      const reset = { reason: "a test", nowMs: Date.parse("2026-11-24T09:00:40.000Z") };
      const { today } = await test().history.resetPeak(SITE, "today", reset);
      expect(today).toEqual(peak(6, "2026-11-24T09:01:00.000Z"));
    });

    it("of channels are reset apart", async () => {
      const { history } = test();
      const nowMs = Date.parse("2026-11-24T09:00:00.000Z");
      for (const channel of ["site", "page:/"])
        await history.addSample({ channel, count: 3, atMs: nowMs - 1 });
      await history.resetPeak("site", "allTime", { reason: "a test", nowMs });
      expect(await history.peaks("page:/", nowMs)).toMatchObject({ allTime: { count: 3 }, resets: [] });
    });

    it("outlive the rows they were seen in", async () => {
      await test().add({ "2020-02-29T12:00:00.000Z": 77 });
      const nowMs = Date.parse("2026-11-24T12:00:00.000Z");
      await test().history.retain(nowMs);
      expect((await test().history.peaks(SITE, nowMs + DAY_MS)).allTime).toEqual(
        peak(77, "2020-02-29T12:00:00.000Z"),
      );
    });

    it.each(["", "   ", "x".repeat(201)])("are not reset for the reason %j", async (reason) => {
      await expect(test().history.resetPeak(SITE, "today", { reason, nowMs: 1_000 })).rejects.toMatchObject({
        code: "PRESENCE_INVALID_OPTION",
      });
    });
  });
}
