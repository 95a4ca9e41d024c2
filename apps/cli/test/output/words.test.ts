import { describe, expect, it } from "vitest";
import { bar } from "../../src/output/bar.ts";
import { progressLine, short } from "../../src/output/progress.ts";
import { renderTable, startTable } from "../../src/output/table.ts";
import { counted, duration, fullTime, grouped } from "../../src/output/words.ts";
import { nearest } from "../../src/nearest.ts";

describe("numbers for people", () => {
  it.each([
    [0, "0"],
    [999, "999"],
    [1_000, "1,000"],
    [1_234_567, "1,234,567"],
  ])("%d is %s", (value, text) => {
    expect(grouped(value)).toBe(text);
  });

  it("have their noun", () => {
    expect([counted(0, "line"), counted(1, "line"), counted(2_000, "batch", "batches")]).toEqual([
      "0 lines",
      "1 line",
      "2,000 batches",
    ]);
  });

  it.each([
    [0, "0.0 s"],
    [400, "0.4 s"],
    [59_949, "59.9 s"],
    [59_950, "1 min"],
    [200_000, "3 min 20 s"],
    [3_599_400, "59 min 59 s"],
    [3_600_000, "1 h"],
    [7_500_000, "2 h 5 min"],
    [86_400_000, "1 d"],
    [273_600_000, "3 d 4 h"],
  ])("%d ms are %s", (ms, text) => {
    expect(duration(ms)).toBe(text);
  });

  it.each([
    [12, "12"],
    [999, "999"],
    [610_000, "610k"],
    [999_499, "999k"],
    [999_500, "1.0M"],
    [1_500_000, "1.5M"],
  ])("a speed of %d is %s", (value, text) => {
    expect(short(value)).toBe(text);
  });

  it("an instant in full has no T", () => {
    expect(fullTime("2026-11-23T14:03:07.120Z")).toBe("2026-11-23 14:03:07.120Z");
  });
});

describe("a bar", () => {
  it("is as long as the value, in eighths, and shows the least there is", () => {
    expect([bar(0, 8, 4), bar(8, 8, 4), bar(4, 8, 4), bar(1, 8, 4), bar(1, 1_000_000, 4)]).toEqual([
      "",
      "████",
      "██",
      "▌",
      "▏",
    ]);
  });
});

describe("a progress line", () => {
  const of = (done: number, total: number, columns: number): string =>
    progressLine({ title: "Pruning site" }, { done, total }, 1_000, columns);

  it("says how far, of how much, how fast and how long still", () => {
    expect(of(610_000, 1_000_000, 100)).toBe(
      "Pruning site  █████████████████░░░░░░░░░░░  61 %  610,000 / 1,000,000  610k/s  0.6 s left",
    );
  });

  it("fits the terminal by its bar", () => {
    for (let columns = 78; columns < 100; columns += 1)
      expect(of(610_000, 1_000_000, columns).length).toBeLessThanOrEqual(columns);
  });

  it("is full for nothing at all", () => {
    expect(of(0, 0, 100)).toContain("100 %  0 / 0");
  });
});

describe("a table", () => {
  const COLUMNS = [{ title: "Name" }, { title: "Amount", align: "right" }] as const;

  it("frames its rows, and aligns what is a number to the right", () => {
    expect(
      renderTable(COLUMNS, [
        ["a", "1"],
        ["long name", "1,000"],
      ]),
    ).toBe(
      [
        "┌───────────┬────────┐",
        "│ Name      │ Amount │",
        "├───────────┼────────┤",
        "│ a         │      1 │",
        "│ long name │  1,000 │",
        "└───────────┴────────┘",
        "",
      ].join("\n"),
    );
  });

  it("comes in pieces as it would at once", () => {
    const rows = [
      ["first", "1"],
      ["second", "2"],
      ["third", "3"],
    ];
    const pieces = startTable(COLUMNS);
    const text = pieces.rows(rows.slice(0, 2)) + pieces.rows(rows.slice(2)) + pieces.end();
    expect(text).toBe(renderTable(COLUMNS, rows));
  });

  it("lets a cell that is longer than the first piece go on in the next line", () => {
    const pieces = startTable(COLUMNS);
    pieces.rows([["12345", "1"]]);
    expect(pieces.rows([["123456789", "2"]])).toBe("│ 12345 │      2 │\n│ 6789  │        │\n");
  });
});

describe("a name mistyped", () => {
  const NAMES = ["count", "list", "prune", "forget", "replay"];

  it.each([
    ["cuont", "count"],
    ["counts", "count"],
    ["lis", "list"],
    ["LIST", null],
    ["prun", "prune"],
    ["relpay", "replay"],
    ["xyzzy", null],
    ["", null],
  ])("%j means %j", (name, meant) => {
    expect(nearest(name, NAMES)).toBe(meant);
  });
});
