import { runApiTests } from "./support/vitest.ts";

// `npx pnpm@12 faults [--full] [name…]`: the fault suite by itself, or the faults whose names hold one of the words.
// `--full` takes each outage for a minute and holds it to the promised figures.
const words = process.argv.slice(2);
const names = words
  .filter((word) => word !== "--full")
  .map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
const unknown = names.filter((name) => name.startsWith("-"));
if (unknown.length > 0) {
  process.stderr.write(`faults: no option ${unknown.join(", ")}; there is --full, and names of faults.\n`);
  process.exitCode = 2;
} else {
  const mode = words.includes("--full") ? ["--mode", "full"] : [];
  const only = names.length === 0 ? [] : ["-t", names.join("|")];
  process.exitCode = runApiTests(["--config", "vitest.faults.config.ts", ...mode, ...only]);
}
