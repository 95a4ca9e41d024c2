import { describe, expect, it } from "vitest";
import type { PresenceStore } from "../store.ts";
import type { ListedVisitor, ListOrder, ListPosition } from "../types.ts";
import { onlineBounds } from "../window.ts";
import { SITE, useStore, WINDOW_SECONDS } from "./support.ts";

export function listContract(create: () => Promise<PresenceStore>): void {
  describe("list", () => {
    const under = useStore(create);
    const page = (nowMs: number, order: ListOrder, limit: number, after: ListPosition | null = null) =>
      under().store.list(SITE, onlineBounds(nowMs, WINDOW_SECONDS), { order, limit, after });

    async function allPages(nowMs: number, order: ListOrder, limit: number): Promise<ListedVisitor[]> {
      const all: ListedVisitor[] = [];
      for (;;) {
        const next = await page(nowMs, order, limit, all.at(-1) ?? null);
        all.push(...next);
        if (next.length < limit) return all;
      }
    }
    const names = (listed: readonly ListedVisitor[]): string[] => listed.map((entry) => entry.visitor);

    it("answers an empty page for an empty channel", async () => {
      expect(await page(under().startMs, "recent", 10)).toEqual([]);
    });

    it("lists the latest first, or the earliest first, and nobody outside the window", async () => {
      const { record, startMs } = under();
      await record({
        a: startMs - 3_000,
        b: startMs - 1_000,
        c: startMs - 60_000,
        d: startMs + 5_001,
        e: startMs,
      });
      expect(names(await page(startMs, "recent", 10))).toEqual(["e", "b", "a"]);
      expect(names(await page(startMs, "oldest", 10))).toEqual(["a", "b", "e"]);
    });

    it("pages through visitors of one and the same time without losing or repeating any", async () => {
      const { record, startMs } = under();
      const second = Math.trunc(startMs / 1_000) * 1_000;
      await record(Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`v${i}`, second])));
      const byBytes = Array.from({ length: 100 }, (_, i) => `v${i}`).toSorted();
      expect(names(await allPages(startMs, "oldest", 7))).toEqual(byBytes);
      expect(names(await allPages(startMs, "recent", 7))).toEqual(byBytes.toReversed());
    });

    it("goes on after a position whose visitor has moved or left", async () => {
      const { record, store, startMs } = under();
      const second = Math.trunc(startMs / 1_000) * 1_000;
      await record({ a: second, b: second, c: second, d: second });
      const [, last] = await page(startMs, "oldest", 2);
      await record({ b: second + 1 });
      expect(names(await page(startMs, "oldest", 10, last))).toEqual(["c", "d", "b"]);
      await store.forget(SITE, ["b"]);
      expect(names(await page(startMs, "oldest", 10, last))).toEqual(["c", "d"]);
      expect(names(await page(startMs, "recent", 10, { visitor: "c", lastSeenMs: second }))).toEqual(["a"]);
    });

    it("lists whoever stays online at least once while others come, go and are seen again", async () => {
      const { record, store, startMs } = under();
      const stayers = Array.from({ length: 50 }, (_, i) => `stay${i}`);
      const leavers = Array.from({ length: 50 }, (_, i) => `leave${i}`);
      for (const [i, name] of [...stayers, ...leavers].entries())
        await record({ [name]: startMs - 50_000 + (i % 50) * 100 });
      const seen = new Set<string>();
      let after: ListPosition | null = null;
      for (let round = 0; ; round += 1) {
        const next: readonly ListedVisitor[] = await page(startMs, "oldest", 5, after);
        for (const entry of next) seen.add(entry.visitor);
        if (next.length < 5) break;
        after = next.at(-1) ?? null;
        await store.forget(SITE, leavers.slice(round * 5, round * 5 + 5));
        if (round < 10) await record({ [stayers[(round * 7) % 50] ?? ""]: startMs });
      }
      expect(stayers.filter((name) => !seen.has(name))).toEqual([]);
    });
  });
}
