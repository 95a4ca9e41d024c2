import { describe, expect, it } from "vitest";
import { ratioOf, spreadOf, valuesOf } from "../src/harness/figures.ts";
import { interleave } from "../src/harness/interleave.ts";
import { barPlot, linePlot, readable } from "../src/harness/plot.ts";

describe("figures", () => {
  it("are told by their median, with the least and the most", () => {
    expect(spreadOf([5, 1, 3])).toEqual({ median: 3, min: 1, max: 5 });
    expect(spreadOf([4, 1, 3, 2])).toEqual({ median: 2.5, min: 1, max: 4 });
  });

  it("are no zero where nothing was measured", () => {
    expect(() => spreadOf([])).toThrow(RangeError);
    expect(() => valuesOf({ variant: "a", rounds: [{ ms: 1 }, {}] }, "ms")).toThrow(RangeError);
  });

  it("are compared round by round, so that a machine that slows down changes no ratio", () => {
    const a = { variant: "a", rounds: [{ ms: 2 }, { ms: 20 }, { ms: 200 }] };
    const b = { variant: "b", rounds: [{ ms: 1 }, { ms: 10 }, { ms: 100 }] };
    expect(ratioOf(a, b, "ms")).toEqual({ median: 2, min: 2, max: 2 });
  });
});

describe("interleave", () => {
  it("measures in turn, another one first each round, and leaves the warm-up out", async () => {
    const order: string[] = [];
    const variant = (name: string) => ({
      name,
      measure: async () => {
        order.push(name);
        return { ms: order.length };
      },
    });
    const results = await interleave([variant("a"), variant("b"), variant("c")], {
      rounds: 2,
      onMeasured: () => {},
    });
    expect(order.join("")).toBe("abcbcacab");
    expect(results.map(({ rounds }) => rounds.length)).toEqual([2, 2, 2]);
    expect(results[0]?.rounds).toEqual([{ ms: 6 }, { ms: 8 }]);
  });
});

describe("plots", () => {
  const results = [
    {
      variant: "a < b",
      rounds: [
        { n: 10, ms: 1 },
        { n: 1_000, ms: 20 },
      ],
    },
    {
      variant: "c",
      rounds: [
        { n: 10, ms: 3 },
        { n: 1_000, ms: 4 },
      ],
    },
  ];

  it("draw a bar or a line for each variant, with its name as text", () => {
    expect(barPlot({ title: "t", results, figure: "ms" }).match(/<rect/g)).toHaveLength(2);
    const lines = linePlot({ title: "t", results, figure: "ms", over: "n" });
    expect(lines.match(/fill="none"/g)).toHaveLength(2);
    expect(lines).toContain("a &lt; b");
    expect(lines).not.toContain("NaN");
  });

  it.each([
    [0.1234, "0.123"],
    [12, "12"],
    [1_234, "1.23k"],
    [999_600, "1M"],
    [12_345_678, "12.3M"],
  ])("write %f as %s", (value, text) => {
    expect(readable(value)).toBe(text);
  });
});
