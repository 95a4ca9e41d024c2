import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createEventParser } from "../src/events.ts";

/** What a stream says, in the order it says it: events and waits. */
function parse(...pieces: readonly string[]): (readonly [event: string, data: string] | number)[] {
  const found: (readonly [string, string] | number)[] = [];
  const parser = createEventParser({
    onEvent: ({ event, data }) => found.push([event, data]),
    onRetry: (retryMs) => found.push(retryMs),
  });
  for (const piece of pieces) parser.push(piece);
  return found;
}

describe("createEventParser", () => {
  it.each([
    ["an event with a name", "event: count\ndata: 1\n\n", [["count", "1"]]],
    ["an event without one", "data: 1\n\n", [["message", "1"]]],
    ["several lines of data", "data: a\ndata:b\ndata\n\n", [["message", "a\nb\n"]]],
    ["one space, and only one, behind the colon", "data:  a \n\n", [["message", " a "]]],
    [
      "carriage returns",
      "data: a\r\rdata: b\r\n\r\n",
      [
        ["message", "a"],
        ["message", "b"],
      ],
    ],
    ["comments", ": hello\n\ndata: a\n:\n\n", [["message", "a"]]],
    ["fields it does not know", "id: 7\nfoo: bar\nDATA: x\ndata: a\n\n", [["message", "a"]]],
    ["an event without data, which is none", "event: count\n\ndata: a\n\n", [["message", "a"]]],
    ["an event that is cut off, which is none", "data: a\n\ndata: b\n", [["message", "a"]]],
    ["how long to wait", "retry: 250\ndata: a\n\nretry: soon\nretry: -1\n\n", [250, ["message", "a"]]],
    ["a byte order mark, once", "\uFEFFdata: a\n\n\uFEFFdata: b\n\n", [["message", "a"]]],
  ] as const)("reads %s", (_what, text, expected) => {
    expect(parse(text)).toEqual(expected);
  });

  it("reads what was written, in pieces of any size and with any line ends", () => {
    const line = fc.string({ unit: "binary" }).map((text) => text.replaceAll(/[\r\n]/g, ""));
    const events = fc.array(
      fc.record({ event: fc.constantFrom("count", "end"), data: fc.array(line, { minLength: 1 }) }),
    );
    const ending = fc.constantFrom("\n", "\r", "\r\n");
    fc.assert(
      fc.property(events, ending, fc.array(fc.nat(400)), (written, end, cuts) => {
        const lines = written.flatMap(({ event, data }) => [
          `event: ${event}`,
          ...data.map((text) => `data: ${text}`),
          "",
        ]);
        const text = lines.map((each) => each + end).join("");
        // A CR at the very end may be half of a line end: the comment behind says that it was one.
        const pieces = piecesOf(`${text}:${end}`, cuts);
        expect(parse(...pieces)).toEqual(written.map(({ event, data }) => [event, data.join("\n")]));
      }),
      { numRuns: 2_000 },
    );
  });

  it("says how much waits for its end", () => {
    const parser = createEventParser({ onEvent: () => {}, onRetry: () => {} });
    parser.push("data: 123\ndata: 45");
    expect(parser.pending).toBe("123".length + "data: 45".length);
    parser.push("\n\n");
    expect(parser.pending).toBe(0);
  });
});

function piecesOf(text: string, cuts: readonly number[]): readonly string[] {
  const places = [0, ...cuts.filter((cut) => cut < text.length), text.length].toSorted((a, b) => a - b);
  return places.slice(1).map((place, index) => text.slice(places[index], place));
}
