/// <reference lib="esnext.temporal" />
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createDayCalendar, isTimeZone } from "../src/day-calendar.ts";

const iso = (atMs: number): string => new Date(atMs).toISOString();
const HOUR_MS = 3_600_000;

/** The same question, answered by the platform. */
function startOfDay(timeZone: string, atMs: number): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(timeZone).startOfDay();
}

describe("a day", () => {
  it("begins and ends where Temporal says, in every time zone at any time", () => {
    const zones = Intl.supportedValuesOf("timeZone");
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        // From 2012 on no zone put its clocks back over midnight: there is one day for each date, in one piece.
        fc.integer({ min: Date.UTC(2012, 0, 2), max: Date.UTC(2037, 0) }),
        (timeZone, atMs) => {
          const start = startOfDay(timeZone, atMs);
          expect(createDayCalendar(timeZone).dayAt(atMs)).toEqual({
            name: start.toPlainDate().toString(),
            startMs: start.epochMilliseconds,
            endMs: start.add({ days: 1 }).startOfDay().epochMilliseconds,
          });
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it("is one of days that follow each other without gap or overlap, in every time zone of the past too", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Intl.supportedValuesOf("timeZone")),
        fc.integer({ min: Date.UTC(1970, 0, 3), max: Date.UTC(2037, 0) }),
        (timeZone, atMs) => {
          const calendar = createDayCalendar(timeZone);
          const day = calendar.dayAt(atMs);
          expect(day.startMs).toBeLessThanOrEqual(atMs);
          expect(day.endMs).toBeGreaterThan(atMs);
          expect(calendar.dayAt(day.startMs)).toEqual(day);
          expect(calendar.dayAt(day.endMs - 1)).toEqual(day);
          expect(calendar.dayAt(day.endMs).startMs).toBe(day.endMs);
          expect(calendar.dayAt(day.startMs - 1).endMs).toBe(day.startMs);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it.each([
    ["Europe/Berlin", "2026-03-29", "2026-03-28T23:00:00.000Z", 23],
    ["Europe/Berlin", "2026-10-25", "2026-10-24T22:00:00.000Z", 25],
    ["Europe/Berlin", "2026-07-01", "2026-06-30T22:00:00.000Z", 24],
    ["Australia/Lord_Howe", "2026-04-05", "2026-04-04T13:00:00.000Z", 24.5],
    ["Australia/Lord_Howe", "2026-10-04", "2026-10-03T13:30:00.000Z", 23.5],
    ["Asia/Kolkata", "2026-11-24", "2026-11-23T18:30:00.000Z", 24],
    ["Asia/Kathmandu", "2026-11-24", "2026-11-23T18:15:00.000Z", 24],
    // Clocks skip midnight: the day begins at one o'clock.
    ["America/Santiago", "2026-09-06", "2026-09-06T04:00:00.000Z", 23],
    ["Africa/Cairo", "2026-04-24", "2026-04-23T22:00:00.000Z", 23],
    // Clocks show midnight twice: the day begins at the first.
    ["America/Havana", "2026-11-01", "2026-11-01T04:00:00.000Z", 25],
    // Clocks go back from midnight: the hour shown again is the day before's.
    ["America/Santiago", "2026-04-04", "2026-04-04T03:00:00.000Z", 25],
    // Clocks went back a minute after midnight: what they showed again belongs to the new day.
    ["America/St_Johns", "2006-10-29", "2006-10-29T02:30:00.000Z", 25],
    // The day before had been skipped.
    ["Pacific/Apia", "2011-12-31", "2011-12-30T10:00:00.000Z", 24],
    ["Pacific/Apia", "2011-12-29", "2011-12-29T10:00:00.000Z", 24],
  ])("in %s on %s begins at %s and has %d hours", (timeZone, name, start, hours) => {
    const startMs = Date.parse(start);
    const day = { name, startMs, endMs: startMs + hours * HOUR_MS };
    const calendar = createDayCalendar(timeZone);
    expect(calendar.dayAt(startMs)).toEqual(day);
    expect(calendar.dayAt(startMs + (hours / 2) * HOUR_MS)).toEqual(day);
    expect(calendar.dayAt(day.endMs - 1)).toEqual(day);
  });
});

describe("days until an instant", () => {
  it("end with its own, over a change of clocks", () => {
    const days = createDayCalendar("Europe/Berlin").daysUntil(Date.parse("2026-03-30T12:00:00Z"), 3);
    expect(days.map(({ name, startMs }) => [name, iso(startMs)])).toEqual([
      ["2026-03-28", "2026-03-27T23:00:00.000Z"],
      ["2026-03-29", "2026-03-28T23:00:00.000Z"],
      ["2026-03-30", "2026-03-29T22:00:00.000Z"],
    ]);
  });

  it("leave out a day that never was", () => {
    const days = createDayCalendar("Pacific/Apia").daysUntil(Date.parse("2011-12-31T12:00:00Z"), 3);
    expect(days.map(({ name }) => name)).toEqual(["2011-12-29", "2011-12-31", "2012-01-01"]);
  });
});

describe("a time zone", () => {
  it.each(["UTC", "Europe/Berlin", "Etc/GMT+5", "+05:30"])("may be %s", (text) => {
    expect(isTimeZone(text)).toBe(true);
  });

  it.each(["", "Mars/Olympus", "Europe", "UTC+1", "Europe/Berlin "])("may not be %j", (text) => {
    expect(isTimeZone(text)).toBe(false);
    expect(() => createDayCalendar(text)).toThrow(
      expect.objectContaining({ code: "PRESENCE_INVALID_OPTION" }),
    );
  });
});
