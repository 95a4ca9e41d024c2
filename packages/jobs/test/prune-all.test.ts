import {
  createMemoryStore,
  createPresence,
  type Presence,
  PresenceError,
  type PresenceStore,
} from "@presence/core";
import { manualClock } from "@presence/core/testing";
import { beforeEach, describe, expect, it } from "vitest";
import { pruneAll } from "../src/index.ts";

describe("pruneAll", () => {
  let store: PresenceStore;
  let presence: Presence;
  const clock = manualClock();
  beforeEach(() => {
    store = createMemoryStore({ clock });
    presence = createPresence({ store, windowSeconds: 60 });
  });

  /** Visitors last seen so many seconds ago. */
  async function seen(channel: string, visitors: readonly string[], secondsAgo: number): Promise<void> {
    const atMs = store.nowMs() - secondsAgo * 1_000;
    const sightings = new Map([[channel, new Map(visitors.map((visitor) => [visitor, atMs]))]]);
    await store.record(sightings, { nowMs: store.nowMs(), ttlSeconds: 180 });
  }

  it("removes nobody where nobody ever was", async () => {
    const result = await pruneAll({ presence, channels: ["site"] });
    expect(result).toMatchObject({ removed: 0, invalid: 0, remaining: 0, skipped: 0, failures: [] });
    expect(result.channels.map(({ channel }) => channel)).toEqual(["site"]);
  });

  it("removes the expired of every live channel, keeps the online, and says what became of each", async () => {
    await seen("site", ["a", "b"], 61);
    await seen("site", ["c"], 30);
    await seen("page:/pricing", ["a"], 90);
    await seen("bots:site", ["bot"], 90);
    const result = await pruneAll({ presence, channels: ["site"] });
    expect(result).toMatchObject({ removed: 4, invalid: 0, remaining: 0, failures: [] });
    const removed = new Map(result.channels.map((each) => [each.channel, each.removed]));
    expect(removed).toEqual(
      new Map([
        ["site", 2],
        ["page:/pricing", 1],
        ["bots:site", 1],
      ]),
    );
    expect((await presence.count()).count).toBe(1);
  });

  it("counts each visitor once when several prune at the same time", async () => {
    const visitors = Array.from({ length: 5_000 }, (_, index) => `v${index}`);
    await seen("site", visitors, 100);
    const results = await Promise.all(
      Array.from({ length: 5 }, () => pruneAll({ presence, channels: ["site"] })),
    );
    expect(results.reduce((sum, { removed }) => sum + removed, 0)).toBe(5_000);
    expect(results.every(({ remaining }) => remaining === 0)).toBe(true);
  });

  it("begins no channel once aborted, and says how many it left", async () => {
    await seen("site", ["a"], 100);
    await seen("page:/a", ["a"], 100);
    const result = await pruneAll({ presence, channels: ["site"], signal: AbortSignal.abort() });
    expect(result).toMatchObject({ removed: 0, skipped: 2, channels: [] });
  });

  it("ends in the middle of a channel once aborted, and says how many remain", async () => {
    await seen(
      "site",
      Array.from({ length: 3_000 }, (_, index) => `v${index}`),
      100,
    );
    const abort = new AbortController();
    const slices: Pick<Presence, "prune" | "store"> = {
      store,
      // As a channel of millions does: each slice ends with something left.
      prune: async (options) => presence.prune({ ...options, maxMs: 0 }).finally(() => abort.abort()),
    };
    const result = await pruneAll({ presence: slices, channels: ["site"], signal: abort.signal });
    expect(result).toMatchObject({ removed: 1_000, remaining: 2_000, skipped: 0 });
  });

  it("stops when its time is up, and leaves the rest to the next run", async () => {
    for (let index = 0; index < 50; index++) await seen(`page:/${index}`, ["a"], 100);
    const slow: Pick<Presence, "prune" | "store"> = {
      store,
      prune: async (options) => {
        await new Promise((resolve) => setTimeout(resolve, 5));
        return presence.prune(options);
      },
    };
    const first = await pruneAll({ presence: slow, channels: ["site"], maxMs: 20, concurrency: 1 });
    expect(first.skipped).toBeGreaterThan(0);
    const second = await pruneAll({ presence, channels: ["site"] });
    expect(first.removed + second.removed).toBe(50);
  });

  it("goes on past a channel the store refuses, and names it", async () => {
    await seen("site", ["a"], 100);
    await seen("page:/broken", ["a"], 100);
    const refusing = refuse("PRESENCE_STORE_REFUSED", "page:/broken");
    const result = await pruneAll({ presence: refusing, channels: ["site"] });
    expect(result.removed).toBe(1);
    expect(result.failures).toMatchObject([{ channel: "page:/broken", error: { message: "no" } }]);
  });

  it("throws when the store cannot be asked", async () => {
    const away = refuse("PRESENCE_STORE_UNAVAILABLE", "site");
    await expect(pruneAll({ presence: away, channels: ["site"] })).rejects.toMatchObject({
      code: "PRESENCE_STORE_UNAVAILABLE",
    });
  });

  function refuse(
    code: "PRESENCE_STORE_REFUSED" | "PRESENCE_STORE_UNAVAILABLE",
    refused: string,
  ): Pick<Presence, "prune" | "store"> {
    return {
      store,
      prune: async (options) => {
        if (options?.channel === refused) throw new PresenceError(code, "no");
        return presence.prune(options);
      },
    };
  }
});
