import { describe, expect, it, vi } from "vitest";
import { createMemoryStore, type PresenceEvent } from "../../src/index.ts";
import { manualClock } from "../../src/testing/index.ts";
import { completePresence, presenceOver } from "../support/presence.ts";
import { createUnreliableStore } from "../support/unreliable-store.ts";

describe("list, forget, prune", () => {
  it("pages by the position of the last visitor", async () => {
    const clock = manualClock();
    const presence = presenceOver(createMemoryStore({ clock }));
    for (const name of ["a", "b", "c"]) {
      presence.record(name);
      clock.advance(1_000);
    }
    const first = await presence.list({ limit: 2 });
    expect(first.visitors.map(({ visitor }) => visitor)).toEqual(["c", "b"]);
    const second = await presence.list({ limit: 2, after: first.next });
    expect(second.visitors.map(({ visitor }) => visitor)).toEqual(["a"]);
    expect(second.next).toBeNull();
  });

  it("forgets a visitor whose sighting still waited", async () => {
    const presence = presenceOver(createMemoryStore(), { flushMs: 10_000 });
    presence.record("a");
    expect(await presence.forget(["a"])).toBe(1);
    expect((await presence.count()).count).toBe(0);
  });

  it("forgets a visitor whose sighting waits for a store that takes no more, but lets go of some", async () => {
    const store = createUnreliableStore();
    const presence = presenceOver(store, { flushMs: 10_000 });
    presence.record("a");
    await presence.flush();
    const recording = vi.spyOn(store, "record").mockRejectedValue(new Error("out of memory"));
    presence.record("a");
    await presence.flush().catch(() => {});
    expect(await presence.forget(["a"])).toBe(1);
    recording.mockRestore();
    await presence.flush();
    expect((await presence.count()).count).toBe(0);
  });

  it("does not bring back whom it forgets at the moment it hears that the store lost its data", async () => {
    const events: PresenceEvent[] = [];
    const { store, presence } = await completePresence({ onEvent: (event) => void events.push(event) });
    presence.record("a");
    await presence.flush();
    const { forget } = store;
    vi.spyOn(store, "forget").mockImplementationOnce(async (...asked) => {
      const forgotten = await forget(...asked);
      vi.spyOn(store, "register").mockResolvedValueOnce({ epoch: "another", sinceMs: 0, writers: [] });
      vi.spyOn(store, "record").mockResolvedValueOnce({ epoch: "another" });
      presence.record("b");
      await presence.flush();
      await vi.waitFor(() => expect(events.map(({ kind }) => kind)).toContain("epoch-changed"), 20_000);
      await presence.flush();
      return forgotten;
    });
    expect(await presence.forget(["a"])).toBe(1);
    expect((await presence.list()).visitors.map(({ visitor }) => visitor)).toEqual(["b"]);
  });

  it("forgets what another writer left, whatever it looks like", async () => {
    const store = createMemoryStore();
    const presence = presenceOver(store);
    const foreign = ["two words", "größe", "x".repeat(1_024)];
    const nowMs = store.nowMs();
    const sightings = new Map(foreign.map((visitor) => [visitor, nowMs]));
    await store.record(new Map([["site", sightings]]), { nowMs, ttlSeconds: 180 });
    expect(await presence.forget(foreign)).toBe(3);
    for (const visitor of ["", "x".repeat(1_025)])
      await expect(presence.forget([visitor])).rejects.toMatchObject({ code: "PRESENCE_INVALID_VISITOR" });
  });

  it("prunes batch by batch, tells how far it is, and stops when its time is up", async () => {
    const clock = manualClock();
    const presence = presenceOver(createMemoryStore({ clock }));
    for (let i = 0; i < 25; i += 1) presence.record(`v${i}`);
    await presence.flush();
    clock.advance(60_000);
    expect(await presence.prune({ dryRun: true })).toMatchObject({ removed: 25, remaining: 25 });
    expect(await presence.prune({ batch: 10, maxMs: 0 })).toMatchObject({ removed: 10, remaining: 15 });
    const told: number[] = [];
    const result = await presence.prune({ batch: 10, onProgress: ({ removed }) => told.push(removed) });
    expect(result).toMatchObject({ removed: 15, invalid: 0, remaining: 0 });
    expect(told).toEqual([10, 15]);
  });

  it("prunes who was not seen for less than the window when told to", async () => {
    const clock = manualClock();
    const presence = presenceOver(createMemoryStore({ clock }));
    presence.record("a");
    await presence.flush();
    clock.advance(10_000);
    expect(await presence.prune({ olderThanSeconds: 11 })).toMatchObject({ removed: 0 });
    expect(await presence.prune({ olderThanSeconds: 10 })).toMatchObject({ removed: 1 });
  });

  it.each([
    [{ limit: 0 }, "PRESENCE_INVALID_LIMIT"],
    [{ limit: 1_001 }, "PRESENCE_INVALID_LIMIT"],
    [{ channel: "A" }, "PRESENCE_INVALID_CHANNEL"],
  ])("refuses a list of %j by name", async (options, code) => {
    await expect(presenceOver(createMemoryStore()).list(options)).rejects.toMatchObject({ code });
  });
});
