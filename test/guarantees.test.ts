import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { read, ROOT } from "./support/repository.ts";

/** What comes after this has other tables. */
const [promises = ""] = read("docs/guarantees.md").split("\n## The tests of these modules, tested\n");

/** A row of docs/guarantees.md: what is promised, the figure, and the tests that show it. */
const rows = promises
  .split("\n")
  .filter((line) => line.startsWith("| ") && !line.startsWith("| promise |"))
  .map((line) => line.slice(2, -2).split(" | "));

const shown = rows.flatMap(([promise = "", , tests = ""]) =>
  tests.split("<br>").map((test) => {
    const [, name, path, title] = /^\[`(.+)`\]\(\.\.\/(.+)\) › (.+)$/.exec(test) ?? [];
    return { promise, name, path, title };
  }),
);

describe("docs/guarantees.md", () => {
  it("has a figure and a test for each promise", () => {
    expect(rows.length).toBeGreaterThan(30);
    expect(rows.filter((cells) => cells.length !== 3 || cells.includes(""))).toEqual([]);
    expect(shown.filter(({ name, path, title }) => name !== path || title === undefined)).toEqual([]);
  });

  it.each(shown)("names a test that is there: $path › $title", ({ path = "", title = "" }) => {
    expect(existsSync(join(ROOT, path))).toBe(true);
    // As a test's or a group's title, or how it begins, whatever it is called with before that.
    const text = read(path);
    expect(["(", "\n    ", "\n  "].some((before) => text.includes(`${before}"${title}`))).toBe(true);
  });
});
