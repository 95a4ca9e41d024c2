import { describe, expect, it } from "vitest";
import { parseMembers, scores, settle, spread, spreadTexts } from "../../src/redis/members.ts";
import { shardOf } from "../../src/redis/slots.ts";

const SETS = ["s0", "s1", "s2"];
const VISITORS = Array.from({ length: 30 }, (_, i) => `203.0.113.${i}`);

describe("members", () => {
  it("go to the set of their shard, scores in seconds before them", () => {
    const sightings = new Map(VISITORS.map((visitor, i) => [visitor, 1_000_500 + i]));
    const dealt = spread(SETS, sightings);
    expect([...dealt.keys()].toSorted()).toEqual(SETS);
    for (const [set, members] of dealt) {
      const expected = VISITORS.filter((visitor) => SETS[shardOf(visitor, 3)] === set);
      const pairs = expected.map((visitor) => [(sightings.get(visitor) ?? 0) / 1_000, visitor]);
      expect(members).toEqual(pairs.flat());
    }
  });

  it("go to the one set there is", () => {
    expect(spread(["only"], new Map([["a", 2_000]]))).toEqual(new Map([["only", [2, "a"]]]));
    expect(spreadTexts(["only"], ["a", "b"])).toEqual(new Map([["only", ["a", "b"]]]));
  });

  it("are not lost where there is no set", () => {
    expect(() => spread([], new Map([["a", 1]]))).toThrow("a channel without a set");
  });

  it("are looked for in the set they were put into", () => {
    const dealt = spreadTexts(SETS, VISITORS);
    for (const [set, texts] of dealt) {
      expect(texts).toEqual(VISITORS.filter((visitor) => SETS[shardOf(visitor, 3)] === set));
    }
    expect([...dealt.values()].flat()).toHaveLength(VISITORS.length);
  });

  it("are within bounds of seconds, the low one exclusive", () => {
    expect(scores({ afterMs: 1_500, untilMs: 65_000 })).toEqual({ low: "(1.5", high: "65" });
  });

  it("come back with their times to the microsecond", () => {
    expect(parseMembers(["a", "1.5", "b", "1767225600.1234567"])).toEqual([
      { visitor: "a", lastSeenMs: 1_500 },
      { visitor: "b", lastSeenMs: 1_767_225_600_123.457 },
    ]);
    expect(parseMembers([])).toEqual([]);
    expect(parseMembers(["without a time"])).toEqual([]);
  });
});

describe("answers that are waited for together", () => {
  it("are all in when the first failure is told", async () => {
    let isLateIn = false;
    const late = new Promise<number>((resolve) =>
      setImmediate(() => {
        isLateIn = true;
        resolve(2);
      }),
    );
    await expect(settle([Promise.reject(new Error("lost")), late])).rejects.toThrow("lost");
    expect(isLateIn).toBe(true);
    expect(await settle([Promise.resolve(1), late])).toEqual([1, 2]);
  });
});
