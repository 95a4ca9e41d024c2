import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readLogTime, readTimeField } from "../../src/access-log/log-time.ts";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

const padded = (value: number): string => String(value).padStart(2, "0");

/** An instant as a log has it, where clocks are `zoneMinutes` ahead of UTC. */
function logTime(atMs: number, zoneMinutes: number): string {
  const date = new Date(atMs + zoneMinutes * 60_000);
  const zone = `${zoneMinutes < 0 ? "-" : "+"}${padded(Math.floor(Math.abs(zoneMinutes) / 60))}${padded(Math.abs(zoneMinutes) % 60)}`;
  const day = `${padded(date.getUTCDate())}/${MONTHS[date.getUTCMonth()]}/${String(date.getUTCFullYear()).padStart(4, "0")}`;
  return `${day}:${date.toISOString().slice(11, 19)} ${zone}`;
}

describe("the time of a log line", () => {
  it("is the instant it means, in any year and zone", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 86_400, max: 253_402_000_000 }),
        fc.integer({ min: -12 * 60, max: 14 * 60 }),
        (atSeconds, zoneMinutes) => {
          const bytes = Buffer.from(`[${logTime(atSeconds * 1_000, zoneMinutes)}]`);
          expect(readLogTime(bytes, 1)).toBe(atSeconds * 1_000);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it("is read from nothing that is no time", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 0, maxLength: 30 }),
        fc.integer({ min: -2, max: 30 }),
        (bytes, at) => {
          expect(readLogTime(bytes, at)).toBe(-1);
        },
      ),
    );
  });

  it("is the next minute's first for a leap second", () => {
    expect(readLogTime(Buffer.from("31/Dec/2016:23:59:60 +0000"), 0)).toBe(Date.UTC(2017, 0, 1));
  });
});

describe("the time of a JSON field", () => {
  it.each([
    [1_431_857_103, 1_431_857_103_000],
    [1_431_857_103.25, 1_431_857_103_250],
    ["1431857103.250", 1_431_857_103_250],
    [1_431_857_103_250, 1_431_857_103_250],
    [1_431_857_103_250_000, 1_431_857_103_250],
    ["1431857103250000000", 1_431_857_103_250],
    ["2015-05-17T10:05:03Z", 1_431_857_103_000],
    ["2015-05-17T12:05:03,250+0200", 1_431_857_103_250],
    ["17/May/2015:10:05:03 +0000", 1_431_857_103_000],
    ["2015-05-17T10:05:03", -1],
    ["2015-13-17T10:05:03Z", -1],
    [-1, -1],
    [Number.NaN, -1],
    [null, -1],
    [true, -1],
    ["", -1],
    [{}, -1],
  ])("%j is %d", (value, atMs) => {
    expect(readTimeField(value)).toBe(atMs);
  });
});
