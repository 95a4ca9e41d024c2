import type { CommandSpec } from "../command.ts";

/** Commands that read access logs. */
export const LOG_COMMANDS: readonly CommandSpec[] = [
  {
    name: "record",
    operand: { name: "ip", describe: "Addresses, seen now", isRequired: false, isMany: true },
    describe: "Records visitors: by their addresses, or from an access log",
    flags: [
      {
        name: "log",
        value: "<file>",
        describe: "Read an access log (combined, common, JSON; gzip too), or - for standard input",
      },
      {
        name: "follow",
        describe: "Go on with the log as it grows, is rotated or truncated, until told to end",
      },
      {
        name: "at",
        choices: ["line", "now"],
        describe: "Count a line by its own time, or as it is read: then --follow begins at the log's end",
      },
      { name: "format", choices: ["table", "json"], describe: "How to print what was recorded" },
    ],
    examples: [
      ["record 203.0.113.9 2001:db8::1", "Two visitors are here now"],
      ["record --log access.log --follow", "Count a site by its log"],
      ["record --log - --follow", "Lines of another program, as they come"],
    ],
    load: async () => (await import("../commands/record.ts")).runRecord,
  },
  {
    name: "replay",
    operand: {
      name: "file",
      describe: "An access log, or - for standard input; gzip too",
      isRequired: true,
      isMany: false,
    },
    describe: "Who was online when, from an access log: over time, at the peak, in all",
    isOffline: true,
    flags: [
      {
        name: "window",
        value: "<seconds>",
        describe: "How long a request keeps its client online",
        fallback: "60",
      },
      { name: "step", value: "<seconds>", describe: "Time from one point to the next", fallback: "60" },
      { name: "sort", describe: "Take lines in any order; without it they may be 10 minutes out of order" },
      { name: "format", choices: ["table", "json", "csv"], describe: "csv and json have every point" },
    ],
    examples: [
      ["replay /var/log/nginx/access.log", "A table over time, the peak and the number of visitors"],
      ["replay access.log.1.gz --step 3600 --format csv", "One line an hour, for a spreadsheet"],
      ["replay - --format json < access.log", "All of it, for a program"],
    ],
    load: async () => (await import("../commands/replay.ts")).runReplay,
  },
];
