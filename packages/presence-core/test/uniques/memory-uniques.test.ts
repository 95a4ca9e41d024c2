import { describe, expect, it } from "vitest";
import { createMemoryUniques } from "../../src/uniques/memory-uniques.ts";

function* visitors(count: number, from = 0): Generator<string> {
  for (let n = from; n < from + count; n += 1) yield `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`;
}

const dayAfter = (days: number): string =>
  new Date(Date.UTC(2025, 0, 1) + days * 86_400_000).toISOString().slice(0, 10);

describe("distinct visitors in this process", () => {
  it.each([
    [1, 0],
    [100, 0],
    [256, 0],
    [257, 3],
    [10_000, 243],
    [1_000_000, 24_300],
  ])("are %i within %i, however often each comes", (distinct, tolerance) => {
    const uniques = createMemoryUniques();
    uniques.add("site", "2026-11-25", visitors(distinct));
    uniques.add("site", "2026-11-25", visitors(Math.ceil(distinct / 2)));
    const count = uniques.count("site", "2026-11-25") ?? Number.NaN;
    expect(Math.abs(count - distinct)).toBeLessThanOrEqual(tolerance);
  });

  it("are those of a channel and a day, and unknown for any other", () => {
    const uniques = createMemoryUniques();
    uniques.add("site", "2026-11-25", ["a", "b"]);
    uniques.add("page:/", "2026-11-25", ["a"]);
    uniques.add("site", "2026-11-26", ["a"]);
    expect(uniques.count("site", "2026-11-25")).toBe(2);
    expect(uniques.count("page:/", "2026-11-25")).toBe(1);
    expect(uniques.count("site", "2026-11-26")).toBe(1);
    expect(uniques.count("page:/", "2026-11-26")).toBeNull();
    expect(uniques.count("elsewhere", "2026-11-25")).toBeNull();
  });

  it("of a day that is over stay a number, whoever is still added to it", () => {
    const uniques = createMemoryUniques();
    for (const day of [0, 1, 2]) uniques.add("site", dayAfter(day), visitors(300));
    const before = uniques.count("site", dayAfter(0));
    for (const day of [-1, 0, 1]) uniques.add("site", dayAfter(day), visitors(900, 300));
    expect(uniques.count("site", dayAfter(-1))).toBeNull();
    expect(uniques.count("site", dayAfter(0))).toBe(before);
    expect(uniques.count("site", dayAfter(1))).toBeGreaterThan(1_150);
  });

  it("are kept for 400 days", () => {
    const uniques = createMemoryUniques();
    for (let day = 0; day < 500; day += 1) uniques.add("site", dayAfter(day), visitors(day + 1));
    expect(uniques.count("site", dayAfter(99))).toBeNull();
    expect(uniques.count("site", dayAfter(100))).toBe(101);
    expect(uniques.count("site", dayAfter(498))).toBeGreaterThan(450);
  });
});
