import { describe, expect, it, vi } from "vitest";
import { createMemoryStore, type PresenceEvent } from "../../src/index.ts";
import { manualClock } from "../../src/testing/index.ts";
import { presenceOver } from "../support/presence.ts";
import { createUnreliableStore } from "../support/unreliable-store.ts";

describe("record", () => {
  it("names why a sighting is not taken, and takes the others", async () => {
    const clock = manualClock();
    const presence = presenceOver(createMemoryStore({ clock }));
    const nowMs = clock.wallMs();
    expect(presence.record("")).toBe("visitor");
    expect(presence.record("a b")).toBe("visitor");
    expect(presence.record("x".repeat(65))).toBe("visitor");
    expect(presence.record("\u001b[31m")).toBe("visitor");
    expect(presence.record("a", { channel: "Pages" })).toBe("channel");
    expect(presence.record("a", { atMs: Number.NaN })).toBe("time");
    expect(presence.record("a", { atMs: nowMs + 5_001 })).toBe("future");
    expect(presence.record("a", { atMs: nowMs - 60_000 })).toBe("expired");
    expect(presence.record("x".repeat(64), { atMs: nowMs + 5_000 })).toBeNull();
    expect(presence.record("b", { atMs: nowMs - 59_999 })).toBeNull();
    expect((await presence.count()).count).toBe(2);
    const { recorded, refused } = presence.stats();
    expect(recorded).toBe(2);
    expect(refused).toMatchObject({ visitor: 4, channel: 1, time: 1, future: 1, expired: 1 });
  });

  it("writes a visitor once however often it was seen between two flushes", async () => {
    const store = createUnreliableStore();
    const presence = presenceOver(store, { flushMs: 10_000 });
    for (let i = 0; i < 1_000; i += 1) presence.record(`v${i % 10}`);
    await presence.flush();
    expect(store.writes).toEqual([{ visitors: 10, channels: ["site"] }]);
    expect(presence.stats()).toMatchObject({ recorded: 1_000, coalesced: 990, flushed: 10, pending: 0 });
  });

  it("sends by itself, without being asked", async () => {
    const store = createUnreliableStore();
    const presence = presenceOver(store, { flushMs: 5 });
    presence.record("a");
    await vi.waitFor(() => expect(store.writes).toHaveLength(1), 20_000);
  });

  it("brings the flush forward when five thousand wait", async () => {
    const store = createUnreliableStore();
    const presence = presenceOver(store, { flushMs: 10_000 });
    for (let i = 0; i < 12_000; i += 1) presence.record(`v${i}`);
    await vi.waitFor(() => expect(store.writes.length).toBeGreaterThanOrEqual(2), 20_000);
    expect(Math.max(...store.writes.map((write) => write.visitors))).toBeLessThanOrEqual(5_000);
    await presence.flush();
    expect((await presence.count()).count).toBe(12_000);
  });

  it("holds a bounded number while the store is away, says what it dropped, and calls the count incomplete", async () => {
    const clock = manualClock();
    const store = createUnreliableStore(clock);
    const presence = presenceOver(store, { bufferVisitors: 100, flushMs: 1 });
    presence.start();
    store.fail("PRESENCE_STORE_UNAVAILABLE");
    for (let i = 0; i < 150; i += 1) presence.record(`v${i}`);
    await expect(presence.flush()).rejects.toMatchObject({ code: "PRESENCE_STORE_UNAVAILABLE" });
    expect(presence.stats()).toMatchObject({ pending: 100, refused: { full: 50 } });
    expect(presence.record("v0")).toBeNull();
    store.fail(null);
    await presence.flush();
    expect(await presence.count()).toMatchObject({ count: 100, complete: false });
  });

  it("keeps what a failed write carried, and the newer time of those seen since", async () => {
    const clock = manualClock();
    const store = createUnreliableStore(clock);
    const presence = presenceOver(store, { flushMs: 10_000 });
    presence.record("a");
    presence.record("b");
    store.hold();
    const failing = presence.flush();
    clock.advance(1_000);
    presence.record("a");
    store.fail("PRESENCE_STORE_UNAVAILABLE");
    store.release();
    await expect(failing).rejects.toThrow("made to fail");
    store.fail(null);
    await presence.flush();
    const { visitors } = await presence.list();
    expect(visitors).toEqual([
      { visitor: "a", lastSeenMs: clock.wallMs() },
      { visitor: "b", lastSeenMs: clock.wallMs() - 1_000 },
    ]);
  });

  it("lets go of what expired while the store was away, and says so", async () => {
    const clock = manualClock();
    const store = createUnreliableStore(clock);
    const events: PresenceEvent[] = [];
    const presence = presenceOver(store, { flushMs: 10_000, onEvent: (event) => events.push(event) });
    presence.record("a");
    store.fail("PRESENCE_STORE_UNAVAILABLE");
    clock.advance(61_000);
    await expect(presence.flush()).rejects.toThrow("made to fail");
    expect(presence.stats()).toMatchObject({ pending: 0, refused: { expired: 1 } });
    expect(events).toContainEqual({ kind: "sightings-lost", reason: "expired", visitors: 1 });
  });

  it("takes nothing more once it is closed, and has sent what it had", async () => {
    const store = createUnreliableStore();
    const presence = presenceOver(store, { flushMs: 10_000 });
    presence.record("a");
    await presence.close();
    await presence.close();
    expect(store.writes).toHaveLength(1);
    expect(presence.record("b")).toBe("closed");
  });
});
