import type { HistoryAnswer, HistoryPoint, HistoryStep } from "@presence/api-contract";
import { createDayCalendar } from "@presence/history";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { historyChart } from "../../src/output/history-chart.ts";

const STEP_MS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** Points of a step from an instant on, as an API answers them; `null` where nobody sampled. */
function answer(
  step: HistoryStep,
  from: string,
  counts: readonly (number | null)[],
  timeZone = "UTC",
): HistoryAnswer {
  const calendar = createDayCalendar(timeZone);
  const points: HistoryPoint[] = [];
  let atMs = Date.parse(from);
  for (const count of counts) {
    points.push({ at: new Date(atMs).toISOString(), min: count, max: count, last: count });
    atMs = step === "day" ? calendar.dayAt(atMs).endMs : atMs + STEP_MS[step];
  }
  const to = new Date(atMs).toISOString();
  return { channel: "site", step, from, to, timeZone, points };
}

function linesOf(chart: string): readonly string[] {
  expect(chart.endsWith("\n")).toBe(true);
  return chart.slice(0, -1).split("\n");
}

describe("the chart of history", () => {
  it("draws a row an hour from minutes, marks the peak and leaves gaps open", () => {
    const counts = Array.from({ length: 90 }, (_, minute) => {
      if (minute >= 20 && minute < 25) return null;
      return minute === 75 ? 1_600 : 200;
    });
    expect(linesOf(historyChart(answer("minute", "2026-11-24T12:00:00.000Z", counts), 80))).toEqual([
      "site, the most online in each minute, 2026-11-24 12:00 to 2026-11-24 13:30 (UTC)",
      "             :00            :15            :30            :45",
      `11-24 12:00  ${"▁".repeat(20)}     ${"▁".repeat(35)}    200`,
      `11-24 13:00  ${"▁".repeat(15)}█${"▁".repeat(14)}${" ".repeat(30)}  1,600`,
      `${" ".repeat(13 + 15)}▲ peak 1,600 at 13:15`,
    ]);
  });

  it("draws a row a day from hours, of the days of the time zone", () => {
    const counts = [...Array<number>(30).fill(4), 8, ...Array<number>(5).fill(4)];
    const lines = linesOf(
      historyChart(answer("hour", "2026-11-23T23:00:00.000Z", counts, "Europe/Berlin"), 80),
    );
    expect(lines).toEqual([
      "site, the most online in each hour, 2026-11-24 00:00 to 2026-11-25 12:00",
      "(Europe/Berlin)",
      "           00h         06h         12h         18h",
      `Tue 11-24  ${"▄".repeat(48)}  4`,
      `Wed 11-25  ${"▄".repeat(12)}██${"▄".repeat(10)}${" ".repeat(24)}  8`,
      `${" ".repeat(11 + 12)}▲ peak 8 at 06:00`,
    ]);
  });

  it("draws a row a month from days, with the mark on the side that has room", () => {
    const counts = [...Array<number>(29).fill(1), 2, 1, 1];
    const lines = linesOf(historyChart(answer("day", "2026-10-01T00:00:00.000Z", counts), 50));
    expect(lines.slice(2)).toEqual([
      "         1      8      15     22     29",
      `2026-10  ${"▄".repeat(29)}█▄  2`,
      `${" ".repeat(9 + 29 - "peak 2 on 2026-10-30 ".length)}peak 2 on 2026-10-30 ▲`,
      `2026-11  ▄${" ".repeat(30)}  1`,
    ]);
  });

  it("tells nobody from nobody knows", () => {
    const [, , row] = linesOf(historyChart(answer("minute", "2026-11-24T12:00:00.000Z", [0, null, 5]), 80));
    expect(row).toBe(`11-24 12:00  · █${" ".repeat(57)}  5`);
  });

  it("marks the first of equal peaks", () => {
    const chart = historyChart(answer("minute", "2026-11-24T12:00:00.000Z", [1, 5, 5]), 80);
    expect(chart.match(/▲ .*/g)).toEqual(["▲ peak 5 at 12:01"]);
  });

  it("gives the hour that clocks repeat two rows, and the one they skip none", () => {
    const labels = (from: string) =>
      linesOf(historyChart(answer("minute", from, Array<number>(240).fill(1), "Europe/Berlin"), 80))
        .map((line) => /^\d\d-\d\d (\d\d:\d\d) /.exec(line)?.[1])
        .filter((label) => label !== undefined);
    expect(labels("2026-10-24T23:00:00.000Z")).toEqual(["01:00", "02:00", "02:00", "03:00"]);
    expect(labels("2026-03-28T23:00:00.000Z")).toEqual(["00:00", "01:00", "03:00", "04:00"]);
  });

  it("names hours by zones that are half an hour off", () => {
    const chart = historyChart(answer("minute", "2026-11-24T12:00:00.000Z", [7], "Asia/Kolkata"), 80);
    expect(linesOf(chart)[3]).toBe(`11-24 17:00  ${" ".repeat(30)}█${" ".repeat(29)}  7`);
    expect(chart).toContain("▲ peak 7 at 17:30");
  });

  it("says which zone it shows where the server's is not known here", () => {
    const chart = historyChart(
      { ...answer("minute", "2026-11-24T12:00:00.000Z", [1]), timeZone: "Moon/Sea_of_Tranquility" },
      200,
    );
    expect(linesOf(chart)[0]).toMatch(/\(UTC, for Moon\/Sea_of_Tranquility is not known here\)$/);
  });

  it("is never wider than the terminal and marks one peak, whatever was sampled", () => {
    const counts = fc.array(fc.option(fc.nat({ max: 2_000_000 }), { freq: 4 }), {
      minLength: 1,
      maxLength: 400,
    });
    const from = fc.date({ min: new Date("2020-01-01"), max: new Date("2030-01-01"), noInvalidDate: true });
    fc.assert(
      fc.property(
        fc.constantFrom<HistoryStep>("minute", "hour", "day"),
        from,
        counts,
        fc.integer({ min: 28, max: 220 }),
        fc.constantFrom("UTC", "Europe/Berlin", "America/St_Johns", "Pacific/Apia"),
        (step, date, sampled, columns, timeZone) => {
          fc.pre(sampled.some((count) => count !== null));
          const lines = linesOf(historyChart(answer(step, date.toISOString(), sampled, timeZone), columns));
          for (const line of lines) expect(line.length).toBeLessThanOrEqual(columns);
          expect(lines.filter((line) => line.includes("▲"))).toHaveLength(1);
        },
      ),
    );
  });
});
