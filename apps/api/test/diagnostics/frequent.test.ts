import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createFrequent, sumCounts } from "../../src/diagnostics/frequent.ts";

function countOf(texts: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}

describe("the most frequent texts", () => {
  it("hold each that is more than its share of places, with a count that is never too high and little too low", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 8 }),
        fc.array(fc.constantFrom(..."abcdefghijklmnop".split("")), { maxLength: 300 }),
        (size, texts) => {
          const frequent = createFrequent(size);
          for (const text of texts) frequent.add(text.charCodeAt(0), text);
          const found = new Map(frequent.entries());
          const mostTooLow = texts.length / (size + 1);
          expect(found.size).toBeLessThanOrEqual(size);
          for (const [text, count] of countOf(texts)) {
            const known = found.get(text) ?? 0;
            expect(known).toBeLessThanOrEqual(count);
            expect(known).toBeGreaterThanOrEqual(count - mostTooLow);
          }
        },
      ),
    );
  });

  it("find one who makes most of the noise among a hundred thousand others", () => {
    const frequent = createFrequent(32);
    for (let other = 0; other < 100_000; other += 1) {
      frequent.add(other, `other-${other}`);
      frequent.add(-1, "busy");
    }
    expect(new Map(frequent.entries()).get("busy")).toBeGreaterThan(93_000);
  });

  it("add up", () => {
    const parts = [
      new Map([["a", 1]]),
      new Map([
        ["a", 2],
        ["b", 5],
      ]),
      new Map(),
    ];
    expect(sumCounts(parts)).toEqual(
      new Map([
        ["a", 3],
        ["b", 5],
      ]),
    );
  });
});
