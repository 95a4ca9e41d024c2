import type { CommandSpec } from "../command.ts";

/** Commands about who was online. */
export const PAST_COMMANDS: readonly CommandSpec[] = [
  {
    name: "history",
    describe: "How many were online over time, as a chart of a row an hour, a day or a month",
    flags: [
      {
        name: "since",
        value: "<time>",
        describe: "How far back: 90m, 24h, 7d, 4w, or an instant like 2026-11-24T12:00:00Z",
        fallback: "24h",
      },
      {
        name: "step",
        choices: ["minute", "hour", "day"],
        describe: "Length of a point",
        fallback: "the finest that fits",
      },
      { name: "format", choices: ["table", "json", "csv"], describe: "csv and json have every point" },
    ],
    examples: [
      ["history", "The last 24 hours, a row an hour"],
      ["history --since 7d", "The last seven days, a row a day"],
      ["history --since 90d --step day --format csv", "A line a day, for a spreadsheet"],
    ],
    load: async () => (await import("../commands/history.ts")).runHistory,
  },
  {
    name: "peaks",
    describe: "The most that were online: today, in seven days, ever",
    flags: [
      {
        name: "reset",
        choices: ["today", "last7Days", "allTime"],
        describe: "Begin this peak anew; the record before is kept beside it",
      },
      { name: "reason", value: "<text>", describe: "Why; needed with --reset, and kept" },
      { name: "yes", describe: "Do not ask before a reset" },
      { name: "format", choices: ["table", "json", "csv"], describe: "json is the answer of the API" },
    ],
    examples: [
      ["peaks", "The three peaks and their moments"],
      ["peaks --reset allTime --reason load-test", "Begin the record anew, and say why"],
    ],
    load: async () => (await import("../commands/peaks.ts")).runPeaks,
  },
  {
    name: "uniques",
    describe: "How many different visitors there were on each day, within 0.81 %",
    flags: [
      { name: "days", value: "<n>", describe: "How many days, today included, 1 to 400", fallback: "7" },
      { name: "format", choices: ["table", "json", "csv"], describe: "csv is one line a day" },
    ],
    examples: [
      ["uniques", "The last seven days"],
      ["uniques --days 30 --format csv", "The last thirty, for a spreadsheet"],
    ],
    load: async () => (await import("../commands/uniques.ts")).runUniques,
  },
];
