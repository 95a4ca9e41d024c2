import { describe, expect, it } from "vitest";
import {
  createLayoutTracker,
  formatLayout,
  hasMoved,
  parseLayout,
  shardsAt,
} from "../../src/redis/layout.ts";

describe("the layout of the shards", () => {
  it.each(["1", "16", "1>16", "16>4@1767225600000"])("is read and written as %s", (text) => {
    const layout = parseLayout(text);
    expect(layout === null ? null : formatLayout(layout)).toBe(text);
  });

  it.each(["", "x", "1>", "1>16@", "100", "1>16@x", "-1"])("is not read from %j", (text) => {
    expect(parseLayout(text)).toBeNull();
  });

  it("reads the former sets and writes both until the moment of the move, and reads the new ones from it on", () => {
    const layout = { shards: 1, next: 16, moveMs: 1_000 };
    expect(shardsAt(layout, 999)).toEqual([1, 16]);
    expect(shardsAt(layout, 1_000)).toEqual([16, 1]);
    expect(shardsAt({ ...layout, moveMs: null }, 5_000)).toEqual([1, 16]);
    expect(shardsAt({ shards: 4, next: null, moveMs: null }, 0)).toEqual([4]);
    expect(hasMoved(layout, 999)).toBe(false);
    expect(hasMoved(layout, 1_000)).toBe(true);
    // A time of a move that is over moves nothing.
    expect(hasMoved({ ...layout, next: null }, 1_000)).toBe(false);
  });

  it("is what was configured until the state has said something, and remembers when it did", () => {
    const tracker = createLayoutTracker("onlines", 4);
    expect(tracker.current()).toEqual({ shards: 4, next: null, moveMs: null });
    expect(tracker.seenAtMs()).toBe(-Infinity);
    expect(tracker.see("4")).toBe(false);
    expect(tracker.seenAtMs()).toBeLessThanOrEqual(performance.now());
    expect(tracker.seenAtMs()).toBeGreaterThan(0);
    expect(tracker.see(undefined)).toBe(false);
    expect(tracker.see("4>16")).toBe(true);
    const [reads, writesToo] = tracker.keysAt(0);
    expect([reads, writesToo].map((keys) => keys?.channel("site").length)).toEqual([4, 16]);
    // Tags are looked for once.
    expect(tracker.keysAt(0)).toEqual([reads, writesToo]);
    expect(tracker.keysAt(0)[1]).toBe(writesToo);
  });

  it("is kept where the store has lost it, and told of once where it is new", () => {
    const told: number[] = [];
    const tracker = createLayoutTracker("onlines", 1, ({ shards }) => told.push(shards));
    expect(tracker.see(null)).toBe(false);
    expect(tracker.see("16")).toBe(true);
    expect(tracker.see("16")).toBe(false);
    expect(tracker.see(null)).toBe(false);
    expect(tracker.see("nonsense")).toBe(false);
    expect(tracker.current()).toEqual({ shards: 16, next: null, moveMs: null });
    expect(tracker.keysAt(0)[0].channel("site")).toHaveLength(16);
    expect(told).toEqual([16]);
  });
});
