import { describe, expect, it, vi } from "vitest";
import { createIdentityKeys, createMemoryStore } from "../src/index.ts";
import { manualClock } from "../src/testing/index.ts";

describe("the keys of hashed identity", () => {
  it("are nobody's until the store has been asked", async () => {
    const store = createMemoryStore();
    const keys = createIdentityKeys(store, 60);
    expect(keys.at(store.nowMs())).toBeNull();
    await keys.load();
    expect(keys.at(store.nowMs())?.current).toHaveLength(32);
    keys.close();
  });

  it("change at midnight UTC, with yesterday's known for a window and ten seconds after it", async () => {
    const midnightMs = Date.UTC(2026, 5, 2);
    const clock = manualClock(midnightMs - 1_000);
    const store = createMemoryStore({ clock });
    const keys = createIdentityKeys(store, 60);
    await keys.load();
    const before = keys.at(store.nowMs());
    expect(before?.previous).toBeNull();
    // The new day's key was made ahead: nobody waits for it at midnight.
    clock.advance(1_000);
    const after = keys.at(store.nowMs());
    expect(after?.current).not.toEqual(before?.current);
    expect(after?.previous).toEqual(before?.current);
    clock.advance(69_999);
    expect(keys.at(store.nowMs())?.previous).toEqual(before?.current);
    clock.advance(1);
    expect(keys.at(store.nowMs())?.previous).toBeNull();
    keys.close();
  });

  it("are the same for two processes of one store", async () => {
    const store = createMemoryStore();
    const [one, two] = [createIdentityKeys(store, 60), createIdentityKeys(store, 60)];
    await Promise.all([one.load(), two.load()]);
    expect(one.at(store.nowMs())).toEqual(two.at(store.nowMs()));
    one.close();
    two.close();
  });

  it("are asked for again by whoever needs them while the store had been away", async () => {
    const store = createMemoryStore();
    const asked = vi.spyOn(store, "identityKey").mockRejectedValueOnce(new Error("away"));
    const keys = createIdentityKeys(store, 60);
    await expect(keys.load()).rejects.toThrow("away");
    await vi.waitFor(() => expect(keys.at(store.nowMs())).not.toBeNull(), 20_000);
    expect(asked.mock.calls.length).toBeGreaterThan(1);
    keys.close();
  });

  it("are asked for once, however many sightings need them meanwhile", async () => {
    const store = createMemoryStore();
    const asked = vi.spyOn(store, "identityKey");
    const keys = createIdentityKeys(store, 60);
    for (let i = 0; i < 100; i += 1) keys.at(store.nowMs());
    await keys.load();
    expect(new Set(asked.mock.calls.flat()).size).toBe(asked.mock.calls.length);
    expect(keys.at(store.nowMs())).not.toBeNull();
    keys.close();
  });
});
