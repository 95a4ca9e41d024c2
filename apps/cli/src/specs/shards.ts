import type { CommandSpec } from "../command.ts";

/** Commands about how visitors are spread over a Redis Cluster. */
export const SHARD_COMMANDS: readonly CommandSpec[] = [
  {
    name: "reshard",
    operand: { name: "shards", describe: "Sets per channel, 1 to 64", isRequired: false, isMany: false },
    describe: "Changes over how many sets visitors are spread, while they are counted; shows where it stands",
    flags: [
      { name: "cancel", describe: "Take the change back, as long as reads have not moved" },
      { name: "detach", describe: "Begin it and do not wait for its end" },
      { name: "format", choices: ["table", "json"], describe: "json is the state of the change" },
    ],
    examples: [
      ["reshard", "How visitors are spread, and what it is about to become"],
      ["reshard 16", "Spread them over 16 sets: two minutes or so, without a jump of the count"],
      ["reshard --cancel", "Take it back"],
    ],
    load: async () => (await import("../commands/reshard.ts")).runReshard,
  },
];
