import type { CommandSpec } from "../command.ts";

/** Commands about who is online now. */
export const NOW_COMMANDS: readonly CommandSpec[] = [
  {
    name: "count",
    describe: "How many are online, and what that number means",
    flags: [
      {
        name: "window",
        value: "<seconds>",
        describe: "Seen within this many seconds",
        fallback: "the window",
      },
      { name: "bots", describe: "Count the bots too, where they are counted apart" },
      { name: "format", choices: ["table", "json", "plain"], describe: "plain is the number alone" },
      { name: "fail-stale", describe: "Exit with 4 when the number is an old one because the store is away" },
    ],
    examples: [
      ["count", "The number, its window and its time"],
      ["count --channel page:/pricing --window 10", "Who was on a page in the last ten seconds"],
      ["count --format plain --fail-stale", "A number for a script, and a code where it is old"],
    ],
    load: async () => (await import("../commands/count.ts")).runCount,
  },
  {
    name: "list",
    describe: "Who is online, when they were last seen",
    flags: [
      { name: "limit", value: "<n>", describe: "At most this many, 1 to 1000", fallback: "50" },
      { name: "all", describe: "Everybody, oldest sighting first, page by page" },
      { name: "order", choices: ["recent", "oldest"], describe: "Whose sighting comes first" },
      { name: "cursor", value: "<cursor>", describe: "Go on where an earlier list ended" },
      { name: "format", choices: ["table", "json", "csv", "plain"], describe: "plain is one visitor a line" },
    ],
    examples: [
      ["list --limit 10", "The ten seen last"],
      ["list --all --format csv > online.csv", "Everybody, for a spreadsheet"],
    ],
    load: async () => (await import("../commands/list.ts")).runList,
  },
  {
    name: "watch",
    describe: "The number as it changes, until Ctrl-C: a live line on a terminal, a line a change elsewhere",
    flags: [
      {
        name: "every",
        value: "<seconds>",
        describe: "How often to ask where the number cannot be streamed, 1 to 60",
        fallback: "5",
      },
      { name: "format", choices: ["table", "json"], describe: "json is one line a change" },
    ],
    examples: [
      ["watch", "The number, live"],
      ["watch --channel page:/pricing --format json", "One JSON line a change, for a program"],
    ],
    load: async () => (await import("../commands/watch.ts")).runWatch,
  },
  {
    name: "channels",
    describe: "Which channels are live, and how many are online in each",
    flags: [
      { name: "prefix", value: "<text>", describe: "Only channels whose name begins so" },
      {
        name: "limit",
        value: "<n>",
        describe: "At most this many, the fullest first, 1 to 1000",
        fallback: "100",
      },
      { name: "format", choices: ["table", "json", "csv", "plain"], describe: "plain is one name a line" },
    ],
    examples: [
      ["channels", "All of them, the fullest first"],
      ["channels --prefix page: --limit 10", "The ten pages with the most visitors"],
    ],
    load: async () => (await import("../commands/channels.ts")).runChannels,
  },
];
