import { describe, expect, it, vi } from "vitest";
import { createMemoryStore } from "../../src/index.ts";
import { manualClock } from "../../src/testing/index.ts";
import { completePresence, presenceOver } from "../support/presence.ts";
import { createUnreliableStore } from "../support/unreliable-store.ts";

describe("count", () => {
  it("reads its own writes", async () => {
    const presence = presenceOver(createMemoryStore(), { flushMs: 10_000 });
    for (let i = 1; i <= 20; i += 1) {
      presence.record(`v${i}`);
      expect((await presence.count()).count).toBe(i);
    }
  });

  it("shares a read under way among those who ask for the same", async () => {
    const store = createUnreliableStore();
    const counted = vi.spyOn(store, "count");
    const presence = presenceOver(store);
    store.hold();
    const answers = Promise.all([presence.count(), presence.count(), presence.count({ windowSeconds: 5 })]);
    store.release();
    await answers;
    expect(counted).toHaveBeenCalledTimes(2);
  });

  it("does not join a read that left before its own sighting", async () => {
    const store = createUnreliableStore();
    const presence = presenceOver(store, { flushMs: 10_000 });
    store.hold();
    const before = presence.count();
    presence.record("a");
    const after = presence.count();
    store.release();
    await before;
    expect((await after).count).toBe(1);
  });

  it("shares an answer for the time it was allowed to, and says how old it is", async () => {
    const clock = manualClock();
    const store = createUnreliableStore(clock);
    const counted = vi.spyOn(store, "count");
    const presence = presenceOver(store, { shareReadsMs: 1_000 });
    await presence.count();
    clock.advance(7);
    expect(await presence.count()).toMatchObject({ ageMs: 7, stale: false });
    expect(counted).toHaveBeenCalledTimes(1);
  });

  it("is complete once recording has run for a whole window", async () => {
    const clock = manualClock();
    const presence = presenceOver(createMemoryStore({ clock }));
    const startMs = clock.wallMs();
    expect(await presence.count()).toMatchObject({ sinceMs: null, complete: false });
    presence.start();
    await vi.waitFor(async () => expect((await presence.count()).sinceMs).toBe(startMs), 20_000);
    clock.advance(9_999);
    expect((await presence.count({ windowSeconds: 10 })).complete).toBe(false);
    clock.advance(1);
    expect(await presence.count({ windowSeconds: 10 })).toMatchObject({ complete: true, sinceMs: startMs });
    expect((await presence.count()).complete).toBe(false);
  });

  it("answers the last known value with its age while the store is away, then fails, and never says 0", async () => {
    const clock = manualClock();
    const store = createUnreliableStore(clock);
    const presence = presenceOver(store);
    presence.record("a");
    expect((await presence.count()).count).toBe(1);
    store.fail("PRESENCE_STORE_UNAVAILABLE");
    clock.advance(1_000);
    expect(await presence.count()).toMatchObject({ count: 1, stale: true, complete: false, ageMs: 1_000 });
    clock.advance(58_999);
    expect(await presence.count()).toMatchObject({ count: 1, stale: true, ageMs: 59_999 });
    clock.advance(1);
    await expect(presence.count()).rejects.toMatchObject({ code: "PRESENCE_STORE_UNAVAILABLE" });
    await expect(presence.count({ channel: "page:/never-asked" })).rejects.toMatchObject({
      code: "PRESENCE_STORE_UNAVAILABLE",
    });
    store.fail(null);
    expect(await presence.count()).toMatchObject({ count: 0, stale: false });
  });

  it("waits no longer for a store that does not answer than it was told", async () => {
    const store = createUnreliableStore();
    const presence = presenceOver(store, { readTimeoutMs: 20 });
    presence.record("a");
    await presence.count();
    store.hold();
    expect(await presence.count()).toMatchObject({ count: 1, stale: true });
    store.release();
  });

  it("is not complete when sightings were on their way and did not arrive", async () => {
    const { store, presence } = await completePresence();
    let refuse = (_error: Error): void => {};
    vi.spyOn(store, "record").mockReturnValueOnce(
      new Promise((_resolve, reject) => {
        refuse = reject;
      }),
    );
    presence.record("a");
    const flushing = presence.flush().catch(() => {});
    const counting = presence.count({ windowSeconds: 10 });
    refuse(new Error("out of memory"));
    await flushing;
    expect(await counting).toMatchObject({ stale: false, complete: false });
  });

  it("is not complete while a write is tried again, and sends nothing ahead of it", async () => {
    const { store, presence } = await completePresence();
    const recording = vi.spyOn(store, "record").mockRejectedValueOnce(new Error("out of memory"));
    presence.record("a");
    await presence.flush().catch(() => {});
    expect(await presence.count({ windowSeconds: 10 })).toMatchObject({ stale: false, complete: false });
    expect(recording).toHaveBeenCalledTimes(1);
    recording.mockReturnValueOnce(new Promise(() => {}));
    void presence.flush();
    expect(await presence.count({ windowSeconds: 10 })).toMatchObject({ stale: false, complete: false });
  });

  it("has what waited through an outage as soon as the store is back, and does not wait for the next try", async () => {
    const clock = manualClock();
    const store = createUnreliableStore(clock);
    const presence = presenceOver(store);
    presence.record("a");
    await presence.flush();
    store.fail("PRESENCE_STORE_UNAVAILABLE");
    clock.advance(59_000);
    presence.record("b");
    await presence.flush().catch(() => {});
    clock.advance(1_000);
    store.fail(null);
    expect(await presence.count()).toMatchObject({ count: 1, stale: false });
  });

  it("is not complete until the store knows that sightings were lost", async () => {
    const { store, presence } = await completePresence({ bufferVisitors: 1 });
    const registered = vi.spyOn(store, "register").mockRejectedValueOnce(new Error("no permission"));
    presence.record("a");
    expect(presence.record("b")).toBe("full");
    await presence.flush();
    // That the epoch is another one is found out by a write, and has this process register anew.
    await store.unregister("nobody");
    for (const expected of [1, 2]) {
      vi.spyOn(store, "record").mockResolvedValueOnce({ epoch: "another" });
      presence.record("a");
      await presence.flush();
      await vi.waitFor(() => expect(registered).toHaveBeenCalledTimes(expected), 20_000);
      expect(registered).toHaveBeenLastCalledWith(expect.anything(), expect.objectContaining({ gap: true }));
      expect(await presence.count({ windowSeconds: 10 })).toMatchObject({ stale: false, complete: false });
    }
  });

  it("is not complete when its own sightings could not be written", async () => {
    const { store, presence } = await completePresence();
    vi.spyOn(store, "record").mockRejectedValueOnce(new Error("out of memory"));
    presence.record("a");
    expect(await presence.count({ windowSeconds: 10 })).toMatchObject({ stale: false, complete: false });
  });

  it.each([
    [{ windowSeconds: 0 }, "PRESENCE_INVALID_WINDOW"],
    [{ windowSeconds: 61 }, "PRESENCE_INVALID_WINDOW"],
    [{ windowSeconds: 1.5 }, "PRESENCE_INVALID_WINDOW"],
    [{ channel: "with space" }, "PRESENCE_INVALID_CHANNEL"],
    [{ channel: "" }, "PRESENCE_INVALID_CHANNEL"],
    [{ channel: "a".repeat(129) }, "PRESENCE_INVALID_CHANNEL"],
  ])("refuses %j by name", async (options, code) => {
    await expect(presenceOver(createMemoryStore()).count(options)).rejects.toMatchObject({ code });
  });
});
