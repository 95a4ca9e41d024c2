import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { csvRow } from "../../src/output/csv.ts";
import { asciiJson } from "../../src/output/json.ts";
import { originalText, safeText } from "../../src/output/safe-text.ts";

describe("a text from outside", () => {
  it.each([
    ["203.0.113.9", "203.0.113.9"],
    ["a\u0000b\nc", "a\\x00b\\x0ac"],
    ["\u001b[31mred", "\\x1b[31mred"],
    ["\u007f\u0080", "\\x7f\\xc2\\x80"],
    ["é", "\\xc3\\xa9"],
    ["😀", "\\xf0\\x9f\\x98\\x80"],
    ["back\\slash", "back\\slash"],
  ])("%j is shown as %j", (text, shown) => {
    expect(safeText(text)).toBe(shown);
  });

  it("is shown in printable ASCII, whatever it is, and found again by what was shown", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        expect(safeText(text)).toMatch(/^[\x20-\x7e]*$/);
        // A text that looks like an escaped one is taken for what it stands for; the caller tries both.
        fc.pre(!text.includes("\\x"));
        expect(originalText(safeText(text))).toBe(text);
      }),
    );
  });

  it("is JSON in printable ASCII that means the same", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(asciiJson(value)).toMatch(/^[\x20-\x7e]*$/);
        expect(JSON.parse(asciiJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

describe("a row of CSV", () => {
  it.each([
    [["a", 1, "b"], "a,1,b\n"],
    [["a,b", 'say "x"', ""], '"a,b","say ""x""",\n'],
    [["=1+1", "+1", "-1", "@a"], `"'=1+1","'+1","'-1","'@a"\n`],
    [["two\nlines", "\t=1"], "two\\x0alines,\\x09=1\n"],
    [[-5], "-5\n"],
  ] as const)("of %j is %j", (cells, row) => {
    expect(csvRow(cells)).toBe(row);
  });

  it("is one line, whatever is in it, and no cell of it begins like a formula", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "binary" }), { minLength: 1 }), (cells) => {
        const row = csvRow(cells);
        expect(row.match(/[^\x20-\x7e]/g)).toEqual(["\n"]);
        expect(row).not.toMatch(/^[=+\-@]|,"?[=+\-@](?=[^"]*(?:"[^"]*"[^"]*)*$)/);
      }),
    );
  });
});
