import { describe, expect, it, vi } from "vitest";
import { memoize } from "../src/memo.ts";

describe("memoize", () => {
  it("answers a text once", () => {
    const answer = vi.fn((text: string) => text.length);
    const known = memoize(answer);
    expect([known("abc"), known("abc")]).toEqual([3, 3]);
    expect(answer).toHaveBeenCalledTimes(1);
  });

  it("remembers that there is no answer", () => {
    const answer = vi.fn(() => null);
    const known = memoize(answer);
    expect([known("abc"), known("abc")]).toEqual([null, null]);
    expect(answer).toHaveBeenCalledTimes(1);
  });

  it("keeps what is asked for often through a stream of new texts, and forgets those", () => {
    const answer = vi.fn((text: string) => text);
    const known = memoize(answer, { half: 4 });
    for (let index = 0; index < 100; index += 1) {
      known("often");
      known(`once ${index}`);
    }
    known("once 0");
    const asked = answer.mock.calls.map(([text]) => text);
    expect(asked.filter((text) => text === "often")).toHaveLength(1);
    expect(asked.filter((text) => text === "once 0")).toHaveLength(2);
  });

  it("does not keep long texts", () => {
    const answer = vi.fn((text: string) => text.length);
    const known = memoize(answer, { maxKeyLength: 3 });
    for (const text of ["abcd", "abcd", "abc", "abc"]) known(text);
    expect(answer.mock.calls).toEqual([["abcd"], ["abcd"], ["abc"]]);
  });
});
