import { join } from "node:path";
import { Stryker } from "@stryker-mutator/core";
import { MUTATED_MODULES, type MutatedModule } from "./support/mutated-modules.ts";
import { ROOT } from "./support/root.ts";

// `npx pnpm@12 mutation [module…]`: changes the lines of these modules one by one and sees whether a test fails, which
// takes minutes each. Without names all of them, one after the other.
const LEAST_SCORE = 85;

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => MUTATED_MODULES[name] === undefined);
if (unknown.length > 0) {
  process.stderr.write(
    `mutation: no module ${unknown.join(", ")}; there is ${Object.keys(MUTATED_MODULES).join(", ")}.\n`,
  );
  process.exitCode = 2;
} else {
  const scores: string[] = [];
  for (const [name, module] of Object.entries(MUTATED_MODULES)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    const { killed, all } = await mutate(name, module);
    const score = (100 * killed) / all;
    if (!(score >= LEAST_SCORE)) process.exitCode = 1;
    scores.push(`${name}: ${score.toFixed(1)} % (${killed} of ${all} changes were noticed)`);
  }
  process.stdout.write(`\n${scores.join("\n")}\n`);
}

async function mutate(name: string, { folder, mutate: files, testFiles }: MutatedModule) {
  process.chdir(join(ROOT, folder));
  const reports = join(ROOT, ".cache/mutation");
  const results = await new Stryker({
    mutate: [...files],
    testFiles: [...testFiles],
    testRunner: "vitest",
    vitest: { configFile: join(ROOT, "vitest.mutation.config.ts") },
    plugins: ["@stryker-mutator/vitest-runner"],
    coverageAnalysis: "perTest",
    // What is evaluated once, as a module loads, vitest does not evaluate anew for a change: it would count as unnoticed.
    ignoreStatic: true,
    incremental: true,
    incrementalFile: join(reports, `${name}.incremental.json`),
    reporters: ["clear-text", "progress-append-only"],
    clearTextReporter: { allowColor: false, reportTests: false, skipFull: true },
    // As deep as a package is, so that what a package's settings say of the root holds in the copy.
    tempDirName: join(ROOT, ".cache"),
    // TypeScript 7 has no compiler interface to rewrite a tsconfig.json with; this one needs no rewriting.
    tsconfigFile: "none.json",
    thresholds: { high: 100, low: LEAST_SCORE, break: null },
    concurrency: 2,
    timeoutMS: 8_000,
  }).runMutationTest();
  const counted = results.filter(({ status }) => status !== "Ignored" && status !== "CompileError");
  const killed = counted.filter(({ status }) => status === "Killed" || status === "Timeout");
  return { killed: killed.length, all: counted.length };
}
