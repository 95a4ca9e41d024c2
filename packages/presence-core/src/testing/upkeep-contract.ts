import { describe, expect, it } from "vitest";
import type { PresenceStore } from "../store.ts";
import type { WriterProfile } from "../types.ts";
import { onlineBounds } from "../window.ts";
import { SITE, useStore, WINDOW_SECONDS } from "./support.ts";

export function upkeepContract(create: () => Promise<PresenceStore>): void {
  describe("prune, forget, channels", () => {
    const under = useStore(create);
    const prune = (nowMs: number, limit: number, dryRun = false) =>
      under().store.pruneBatch(SITE, onlineBounds(nowMs, WINDOW_SECONDS), { limit, dryRun });

    it("removes the expired and the invalid, and nobody who is online", async () => {
      const { record, countAt, startMs } = under();
      await record({ a: startMs - 60_000, b: startMs - 59_999, c: startMs + 5_000, d: startMs + 5_001 });
      expect(await prune(startMs, 1_000)).toEqual({ removed: 2, invalid: 1, remaining: 0 });
      expect(await countAt(startMs)).toBe(2);
      expect(await prune(startMs, 1_000)).toEqual({ removed: 0, invalid: 0, remaining: 0 });
    });

    it("removes no more than the limit and says how many wait", async () => {
      const { record, startMs } = under();
      await record(Object.fromEntries(Array.from({ length: 25 }, (_, i) => [`v${i}`, startMs - 60_000 - i])));
      expect(await prune(startMs, 10)).toEqual({ removed: 10, invalid: 0, remaining: 15 });
      expect(await prune(startMs, 10)).toEqual({ removed: 10, invalid: 0, remaining: 5 });
      expect(await prune(startMs, 10)).toEqual({ removed: 5, invalid: 0, remaining: 0 });
    });

    it("removes each visitor once between pruners that run at once", async () => {
      const { record, startMs } = under();
      await record(Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`v${i}`, startMs - 70_000])));
      const results = await Promise.all(Array.from({ length: 10 }, () => prune(startMs, 20)));
      expect(results.reduce((sum, { removed }) => sum + removed, 0)).toBe(100);
    });

    it("removes nothing in a dry run and answers what would go", async () => {
      const { record, countAt, startMs } = under();
      await record({ a: startMs - 60_000, b: startMs, c: startMs + 6_000 });
      expect(await prune(startMs, 1, true)).toEqual({ removed: 2, invalid: 1, remaining: 2 });
      expect(await countAt(startMs)).toBe(1);
      expect(await prune(startMs, 10)).toMatchObject({ removed: 2 });
    });

    it("forgets single visitors until they are seen again", async () => {
      const { record, store, countAt, startMs } = under();
      await record({ a: startMs, b: startMs });
      expect(await store.forget(SITE, ["a", "nobody"])).toBe(1);
      expect(await countAt(startMs)).toBe(1);
      await record({ a: startMs - 1 });
      expect(await countAt(startMs)).toBe(2);
      expect(await store.forget(SITE, [])).toBe(0);
    });

    it("names the channels written to since a time, latest first", async () => {
      const { record, store, startMs } = under();
      await record({ a: startMs }, "page:/a");
      await record({ a: startMs });
      const names = (await store.channels(startMs - 10_000, 10)).map(({ channel }) => channel);
      expect(names.toSorted()).toEqual(["page:/a", SITE]);
      expect(await store.channels(startMs - 10_000, 1)).toHaveLength(1);
      expect(await store.channels(store.nowMs() + 60_000, 10)).toEqual([]);
    });
  });

  describe("state", () => {
    const under = useStore(create);
    const profile: WriterProfile = {
      identity: "ip",
      ipv6Prefix: 64,
      windowSeconds: WINDOW_SECONDS,
      shards: 1,
    };
    const register = (id: string, nowMs: number, gap = false) =>
      under().store.register({ id, ...profile }, { nowMs, ttlSeconds: 180, gap });
    const sinceOfCount = async (): Promise<number | null> => {
      const { store } = under();
      return (await store.count(SITE, onlineBounds(store.nowMs(), WINDOW_SECONDS))).sinceMs;
    };

    it("knows of no past where nobody has registered", async () => {
      expect(await under().store.state()).toBeNull();
      expect(await sinceOfCount()).toBeNull();
    });

    it("begins when the first writer registers and stays while one is alive", async () => {
      const { startMs, store } = under();
      const first = await register("one", startMs);
      expect(first.sinceMs).toBe(startMs);
      const second = await register("two", startMs + 9_000);
      expect(second).toMatchObject({ epoch: first.epoch, sinceMs: startMs });
      expect(await sinceOfCount()).toBe(startMs);
      expect((await store.state())?.writers.map((writer) => writer.id).toSorted()).toEqual(["one", "two"]);
      expect((await store.state())?.writers[0]).toMatchObject({
        ...profile,
        shards: store.shards,
      });
    });

    it("begins anew when the last writer has been silent, and when a writer lost sightings", async () => {
      const { startMs } = under();
      const first = await register("one", startMs);
      expect(await register("two", startMs + 16_000)).toMatchObject({
        epoch: first.epoch,
        sinceMs: startMs + 16_000,
      });
      expect(await register("two", startMs + 40_000)).toMatchObject({ sinceMs: startMs + 16_000 });
      expect(await register("two", startMs + 41_000, true)).toMatchObject({ sinceMs: startMs + 41_000 });
    });

    it("moves past a writer that fell silent without leaving, though another one records", async () => {
      const { startMs } = under();
      await register("killed", startMs);
      await register("other", startMs);
      expect(await register("other", startMs + 15_000)).toMatchObject({ sinceMs: startMs });
      expect(await register("other", startMs + 15_001)).toMatchObject({ sinceMs: startMs + 15_000 });
      expect(await register("other", startMs + 20_000)).toMatchObject({ sinceMs: startMs + 15_000 });
      expect(await register("killed", startMs + 25_000)).toMatchObject({ sinceMs: startMs + 15_000 });
    });

    it("stays where a writer has left in order, and where the only one was silent itself", async () => {
      const { startMs, store } = under();
      await register("leaving", startMs);
      await register("other", startMs);
      await store.unregister("leaving");
      expect(await register("other", startMs + 90_000)).toMatchObject({ sinceMs: startMs });
    });

    it("says that nobody records once the last writer has left", async () => {
      const { startMs, store } = under();
      await register("one", startMs);
      await register("two", startMs);
      await store.unregister("one");
      expect(await sinceOfCount()).toBe(startMs);
      await store.unregister("two");
      expect(await sinceOfCount()).toBeNull();
    });

    it("answers each write with the epoch of the state, or null without one", async () => {
      const { startMs, store } = under();
      const write = () =>
        store.record(new Map([[SITE, new Map([["a", startMs]])]]), { nowMs: startMs, ttlSeconds: 180 });
      expect(await write()).toEqual({ epoch: null });
      const { epoch } = await register("one", startMs);
      expect(await write()).toEqual({ epoch });
    });
  });
}
