import { describe, expect, it } from "vitest";
import { createDayCalendar } from "../src/day-calendar.ts";
import { finestStep } from "../src/range.ts";
import { isSampleable, sampleFrom } from "../src/sampling.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

describe("the finest step of a range", () => {
  const calendar = createDayCalendar("Europe/Berlin");
  const finest = (lengthMs: number): string => finestStep({ fromMs: 0, toMs: lengthMs }, calendar);

  it("is the one that gives at most 1,500 points", () => {
    expect(finest(DAY_MS)).toBe("minute");
    expect(finest(1_500 * MINUTE_MS)).toBe("minute");
    expect(finest(1_500 * MINUTE_MS + 1)).toBe("hour");
    expect(finest(62 * DAY_MS)).toBe("hour");
    expect(finest(63 * DAY_MS)).toBe("day");
  });

  it("is a day where none does", () => {
    expect(finest(10_000 * DAY_MS)).toBe("day");
  });
});

describe("a count", () => {
  const count = { channel: "site", count: 5, asOfMs: 1_795_521_600_000.25, stale: false, complete: true };

  it("becomes a sample at its own instant", () => {
    expect(sampleFrom(count)).toEqual({ channel: "site", count: 5, atMs: 1_795_521_600_000 });
  });

  it.each([
    [true, true],
    [true, false],
    [false, false],
  ])("that is stale %s and complete %s is never sampled", (stale, complete) => {
    expect(isSampleable({ stale, complete })).toBe(false);
    expect(sampleFrom({ ...count, stale, complete })).toBeNull();
  });
});
