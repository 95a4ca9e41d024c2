import { describe, expect, it } from "vitest";
import { KEPT_MS } from "../steps.ts";
import { HOUR_MS, type HistoryPlace, MINUTE_MS, SITE, useHistory } from "./support.ts";

export function lifetimeContract(fresh: () => Promise<HistoryPlace>): void {
  describe("a history", () => {
    const test = useHistory(fresh);
    const nowMs = Date.parse("2026-11-24T12:00:00.000Z");

    it("lets go of minutes after 30 days and hours after 400, and of no day", async () => {
      const { history } = test();
      const lastOf = async (step: "minute" | "hour" | "day", atMs: number): Promise<number | null> =>
        (await history.range(SITE, { step, fromMs: atMs, toMs: atMs + 1 }))[0]?.last ?? null;
      const minutes = [
        nowMs - KEPT_MS.minute - MINUTE_MS,
        nowMs - KEPT_MS.minute,
        nowMs - KEPT_MS.minute + MINUTE_MS,
      ];
      const hours = [nowMs - KEPT_MS.hour - HOUR_MS, nowMs - KEPT_MS.hour, nowMs - KEPT_MS.hour + HOUR_MS];
      for (const atMs of [...minutes, ...hours]) await history.addSample({ channel: SITE, count: 5, atMs });
      // The minutes of the old hours go too.
      expect(await history.retain(nowMs)).toEqual({ minutes: 4, hours: 1 });
      expect(await Promise.all(minutes.map((atMs) => lastOf("minute", atMs)))).toEqual([null, 5, 5]);
      expect(await Promise.all(hours.map((atMs) => lastOf("hour", atMs)))).toEqual([null, 5, 5]);
      expect(await Promise.all([...minutes, ...hours].map((atMs) => lastOf("day", atMs)))).toEqual(
        [...minutes, ...hours].map(() => 5),
      );
      expect(await history.retain(nowMs)).toEqual({ minutes: 0, hours: 0 });
    });

    it("lets go of the old rows of every channel", async () => {
      const { history } = test();
      const oldMs = nowMs - 2 * KEPT_MS.hour;
      for (const channel of ["a", "b", "c"]) await history.addSample({ channel, count: 1, atMs: oldMs });
      expect(await history.retain(nowMs)).toEqual({ minutes: 3, hours: 3 });
    });

    it("stops letting go once it is told to, and goes on the next time", async () => {
      await test().add({ "2020-01-01T00:00:00.000Z": 1 });
      expect(await test().history.retain(nowMs, { signal: AbortSignal.abort() })).toEqual({
        minutes: 0,
        hours: 0,
      });
      expect(await test().history.retain(nowMs)).toEqual({ minutes: 1, hours: 1 });
    });

    it("is there for who opens it next", async () => {
      await test().add({ "2026-11-24T11:00:00.000Z": 6 });
      await test().history.resetPeak(SITE, "allTime", { reason: "a test", nowMs });
      await test().history.close();
      const again = await test().open();
      const peaks = await again.peaks(SITE, nowMs);
      expect(peaks.today).toMatchObject({ count: 6 });
      expect(peaks.resets).toHaveLength(1);
    });

    it("refuses everything once it is closed, and may be closed twice", async () => {
      const { history } = test();
      await history.close();
      await history.close();
      const closed = { code: "PRESENCE_CLOSED" };
      const query = { step: "minute", fromMs: 0, toMs: 1 } as const;
      await expect(history.addSample({ channel: SITE, count: 1, atMs: 0 })).rejects.toMatchObject(closed);
      await expect(history.range(SITE, query)).rejects.toMatchObject(closed);
      await expect(history.peaks(SITE, 0)).rejects.toMatchObject(closed);
      await expect(history.resetPeak(SITE, "today", { reason: "x", nowMs: 0 })).rejects.toMatchObject(closed);
      await expect(history.retain(nowMs)).rejects.toMatchObject(closed);
    });

    it("says where its days begin, and knows no time zone that is none", async () => {
      expect((await test().open("Asia/Kathmandu")).timeZone).toBe("Asia/Kathmandu");
      const nowhere = async (): Promise<unknown> => test().open("Mars/Olympus");
      await expect(nowhere()).rejects.toMatchObject({ code: "PRESENCE_INVALID_OPTION" });
    });
  });
}
