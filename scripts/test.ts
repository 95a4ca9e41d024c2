import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { forgetResults, readResults, resultLines } from "./support/results.ts";
import { ROOT } from "./support/root.ts";
import { runTurbo } from "./support/turbo.ts";

// `npx -y pnpm@12 test`: sees to what the tests need, runs every package's tests and the house tests, and adds up
// their results. What has not changed since it last passed comes from turbo's cache, results included.
const provision = spawnSync(process.execPath, [join(ROOT, "packages/testkit/src/provision.ts")], {
  cwd: ROOT,
  encoding: "utf8",
  stdio: ["ignore", "pipe", "inherit"],
});
process.stdout.write(provision.stdout);
if (provision.status === 0) await runTests();
else process.stdout.write("What the tests need is not there.\n0 passed, 1 failed\n");
process.exitCode ||= provision.status ?? 1;

async function runTests(): Promise<void> {
  forgetResults();
  // A thing that was missing and is there now makes the tests that were skipped run.
  process.env["TEST_SERVICES_MISSING"] = provision.stdout
    .split("\n")
    .filter((line) => line.startsWith("missing"))
    .join(" ");
  const more = [...process.argv.slice(2), "--continue", "--output-logs=new-only"];
  const tests = await runTurbo(["run", "build", "test", "//#test:house", ...more, "--concurrency=2"], "show");
  // These measure: one after the other, on a machine that does nothing else.
  const tasks = ["test:faults", "test:soak", "test:bench"];
  const measured = await runTurbo(["run", ...tasks, ...more, "--concurrency=1"], "show");
  const hasFailed = tests.code !== 0 || measured.code !== 0;
  const results = readResults();
  const failedTasks =
    hasFailed && results.failed.length === 0
      ? [{ name: "a task that is no test (see above)", message: "" }]
      : [];
  const all = { ...results, failed: [...results.failed, ...failedTasks] };
  process.stdout.write(`\n${resultLines(all).join("\n")}\n`);
  process.exitCode = all.failed.length === 0 ? 0 : 1;
}
