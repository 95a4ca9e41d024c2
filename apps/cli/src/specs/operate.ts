import type { CommandSpec } from "../command.ts";

/** Commands for who runs an installation. */
export const OPERATE_COMMANDS: readonly CommandSpec[] = [
  {
    name: "jobs",
    describe: "When each job ran last, what it did, and when it runs next",
    flags: [{ name: "format", choices: ["table", "json"], describe: "json is the answer of the API" }],
    examples: [["jobs", "The last and the next run of each"]],
    load: async () => (await import("../commands/jobs.ts")).runJobs,
  },
  {
    name: "doctor",
    describe: "Looks for what is wrong, in Redis, MongoDB and the API, and says what to do about it",
    flags: [{ name: "format", choices: ["table", "json"], describe: "json is all of it, for a program" }],
    examples: [
      ["doctor", "Each check with ok, warn or FAIL; exit code 1 where one failed"],
      [
        "doctor --redis-url redis://10.0.0.5/7 --url https://presence.example.com",
        "A Redis and the API on it",
      ],
    ],
    load: async () => (await import("../commands/doctor.ts")).runDoctor,
  },
];
