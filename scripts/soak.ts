import { parseArgs } from "node:util";
import { runApiTests } from "./support/vitest.ts";

// `npx pnpm@12 soak [--seconds N]`: steady traffic for half an hour, or for N seconds in whole minutes; says how memory
// and files went, and holds each count to what may be.
const HALF_AN_HOUR = "1800";

try {
  const { values } = parseArgs({ options: { seconds: { type: "string", default: HALF_AN_HOUR } } });
  if (!/^[1-9]\d*$/.test(values.seconds)) throw new TypeError("--seconds takes a whole number");
  process.exitCode = runApiTests(["--config", "vitest.soak.config.ts"], { SOAK_SECONDS: values.seconds });
} catch (error) {
  process.stderr.write(`soak: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
