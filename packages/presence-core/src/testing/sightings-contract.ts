import { describe, expect, it } from "vitest";
import { PresenceError } from "../errors.ts";
import type { PresenceStore } from "../store.ts";
import { onlineBounds } from "../window.ts";
import { SITE, useStore, WINDOW_SECONDS } from "./support.ts";

export function sightingsContract(create: () => Promise<PresenceStore>): void {
  describe("record and count", () => {
    const under = useStore(create);

    it("counts nobody in an empty channel", async () => {
      const { countAt, startMs } = under();
      expect(await countAt(startMs)).toBe(0);
    });

    it("counts a visitor once however often it is recorded", async () => {
      const { record, countAt, startMs } = under();
      await record({ a: startMs - 2_000 });
      await record({ a: startMs - 1_000 });
      await record({ a: startMs });
      expect(await countAt(startMs)).toBe(1);
    });

    it("counts until the window has passed, and not at the very moment it has", async () => {
      const { record, countAt, startMs } = under();
      await record({ a: startMs });
      expect(await countAt(startMs + WINDOW_SECONDS * 1_000 - 1)).toBe(1);
      expect(await countAt(startMs + WINDOW_SECONDS * 1_000)).toBe(0);
    });

    it("counts a time up to five seconds ahead, and none beyond", async () => {
      const { record, countAt, startMs } = under();
      await record({ a: startMs + 5_000, b: startMs + 5_001 });
      expect(await countAt(startMs)).toBe(1);
      expect(await countAt(startMs + 1)).toBe(2);
    });

    it("counts over a shorter window from the same sightings", async () => {
      const { record, countAt, startMs } = under();
      await record({ a: startMs - 500, b: startMs - 1_500, c: startMs - 30_000 });
      expect(await countAt(startMs, 1)).toBe(1);
      expect(await countAt(startMs, 2)).toBe(2);
      expect(await countAt(startMs, 31)).toBe(3);
    });

    it("keeps the latest sighting when an older one arrives after it", async () => {
      const { record, store, startMs } = under();
      await record({ a: startMs });
      await record({ a: startMs - 30_000 });
      const listed = await store.list(SITE, onlineBounds(startMs, WINDOW_SECONDS), {
        order: "recent",
        limit: 10,
        after: null,
      });
      expect(listed).toEqual([{ visitor: "a", lastSeenMs: startMs }]);
    });

    it("keeps channels apart", async () => {
      const { record, store, countAt, startMs } = under();
      await record({ a: startMs });
      await record({ b: startMs, c: startMs }, "page:/pricing");
      expect(await countAt(startMs)).toBe(1);
      expect((await store.count("page:/pricing", onlineBounds(startMs, WINDOW_SECONDS))).count).toBe(2);
    });

    it("counts ten thousand visitors of one write to the member", async () => {
      const { record, countAt, startMs } = under();
      await record(Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`v${i}`, startMs - i])));
      expect(await countAt(startMs)).toBe(10_000);
      expect(await countAt(startMs, 1)).toBe(1_000);
    });

    it("counts everybody when two writers record at once", async () => {
      const { record, countAt, startMs } = under();
      const visitors = (from: number): Record<string, number> =>
        Object.fromEntries(Array.from({ length: 2_000 }, (_, i) => [`v${from + i}`, startMs]));
      await Promise.all([record(visitors(0)), record(visitors(1_000))]);
      expect(await countAt(startMs)).toBe(3_000);
    });

    it("refuses by name once it is closed", async () => {
      const { store, countAt, startMs } = under();
      await store.close();
      await expect(countAt(startMs)).rejects.toThrow(PresenceError);
      await expect(countAt(startMs)).rejects.toMatchObject({ code: "PRESENCE_CLOSED" });
      expect(store.isReady()).toBe(false);
    });
  });
}
