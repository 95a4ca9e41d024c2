import { describe, expect, it } from "vitest";
import { cronOf } from "../../src/agenda/cron.ts";

describe("cronOf", () => {
  it.each([
    [1, "* * * * * *"],
    [10, "*/10 * * * * *"],
    [60, "0 * * * * *"],
    [300, "0 */5 * * * *"],
    [3_600, "0 0 * * * *"],
    [21_600, "0 0 */6 * * *"],
    [86_400, "0 0 0 * * *"],
  ])("says every %i s as %s", (seconds, expression) => {
    expect(cronOf(seconds)).toBe(expression);
  });

  it.each([0, 7, 90, 2_400, 100_000])("refuses every %i s, which no expression says", (seconds) => {
    expect(() => cronOf(seconds)).toThrow(RangeError);
  });
});
