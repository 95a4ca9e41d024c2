import { testEnvironment } from "./process/environment.ts";
import { provision, provisionedLine } from "./provision/provision.ts";
import { NEEDED_THINGS } from "./provision/things.ts";

// Run as a program: sees to what the tests need, one line for each. In CI what is missing is a failure.
const things = await provision(NEEDED_THINGS, (thing) => {
  process.stdout.write(`${provisionedLine(thing)}\n`);
});
const isMissing = things.some((thing) => thing.state === "missing");
process.exitCode = isMissing && testEnvironment("CI") === "true" ? 1 : 0;
