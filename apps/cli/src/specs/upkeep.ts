import type { CommandSpec } from "../command.ts";

/** Commands that remove visitors. */
export const UPKEEP_COMMANDS: readonly CommandSpec[] = [
  {
    name: "prune",
    describe: "Removes who is not online any more; the count is right with and without it",
    flags: [
      { name: "dry-run", describe: "Remove nothing, say what would go" },
      {
        name: "older-than",
        value: "<seconds>",
        describe: "Remove who was not seen for this long; below the window that is who is online",
        fallback: "the window",
      },
      { name: "batch", value: "<n>", describe: "At most this many in one step, 1 to 1000", fallback: "1000" },
      { name: "yes", describe: "Do not ask before removing who is online" },
      { name: "format", choices: ["table", "json", "plain"], describe: "plain is how many were removed" },
    ],
    examples: [
      ["prune", "Remove the expired, with a progress bar on a terminal"],
      ["prune --dry-run", "How many wait to be removed"],
      ["prune --older-than 10 --yes", "Remove everybody not seen for ten seconds"],
    ],
    load: async () => (await import("../commands/prune.ts")).runPrune,
  },
  {
    name: "forget",
    operand: { name: "visitor", describe: "As the list shows them", isRequired: true, isMany: true },
    describe: "Removes single visitors; seen again, they are back",
    flags: [
      { name: "format", choices: ["table", "json", "plain"], describe: "plain is how many were there" },
    ],
    examples: [["forget 203.0.113.9 2001:db8:1:2::/64", "Remove two visitors"]],
    load: async () => (await import("../commands/forget.ts")).runForget,
  },
];
