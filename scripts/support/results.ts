import { existsSync, globSync, readFileSync, rmSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { ROOT } from "./root.ts";

/** What all tests came to. */
export interface TestResults {
  readonly passed: number;
  /** Those that failed, and what should have had results and has none. */
  readonly failed: readonly FailedTest[];
  readonly skipped: readonly string[];
}

/** A test that failed, and how. */
export interface FailedTest {
  readonly name: string;
  /** What was thrown, with where; empty where nothing is known of it. */
  readonly message: string;
}

/** The part of vitest's JSON report that is read here. */
interface VitestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message?: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages?: readonly string[];
    }[];
  }[];
}

/** How much of a failure is repeated beside the sum, in lines: what was thrown, and the first places. */
const MESSAGE_LINES = 12;

const RESULTS_FOLDER = ".test-results";

/** Where each of a package's settings leaves its results. */
const RESULTS_OF_SETTINGS = {
  "vitest.config.ts": "results.json",
  "vitest.faults.config.ts": "faults.json",
  "vitest.soak.config.ts": "soak.json",
  "vitest.bench.config.ts": "bench.json",
} as const;

/** Removes results of earlier runs, so that none is taken for one of this run. */
export function forgetResults(): void {
  for (const folder of foldersWithTests()) {
    rmSync(join(folder, RESULTS_FOLDER), { recursive: true, force: true });
  }
}

/** Adds up every package's results; a package with tests and without results counts as one failure. */
export function readResults(): TestResults {
  const passed: string[] = [];
  const failed: FailedTest[] = [];
  const skipped: string[] = [];
  for (const file of foldersWithTests().flatMap(resultFiles)) {
    if (!existsSync(file)) {
      failed.push({ name: `${relative(ROOT, file)}: the tests left no results`, message: "" });
      continue;
    }
    for (const { name, status, message = "", assertionResults } of readReport(file).testResults) {
      const path = relative(ROOT, name).replaceAll("\\", "/");
      // A file that does not load has no test in it.
      if (status === "failed" && !assertionResults.some((test) => test.status === "failed")) {
        failed.push({ name: path, message });
      }
      for (const test of assertionResults) {
        const title = `${path} > ${test.fullName}`;
        if (test.status === "failed") {
          failed.push({ name: title, message: (test.failureMessages ?? []).join("\n") });
        } else (test.status === "passed" ? passed : skipped).push(title);
      }
    }
  }
  return { passed: passed.length, failed, skipped };
}

/** What to print: those that were skipped, those that failed and how, then the sum as the last line. */
export function resultLines({ passed, failed, skipped }: TestResults): readonly string[] {
  const sum = `${passed} passed, ${failed.length} failed`;
  return [
    ...skipped.map((name) => `skipped: ${name}`),
    ...failed.flatMap(({ name, message }) => [`FAILED: ${name}`, ...messageLines(message)]),
    skipped.length === 0 ? sum : `${sum}, ${skipped.length} skipped`,
  ];
}

function messageLines(message: string): readonly string[] {
  const lines = message.split("\n").filter((line) => line.trim() !== "");
  return lines.slice(0, MESSAGE_LINES).map((line) => `    ${line}`);
}

function foldersWithTests(): readonly string[] {
  const packages = globSync(
    ["package.json", "bench/package.json", "packages/*/package.json", "apps/*/package.json"],
    {
      cwd: ROOT,
    },
  );
  return packages.map((file) => join(ROOT, dirname(file))).filter((folder) => hasTests(folder));
}

function resultFiles(folder: string): readonly string[] {
  return Object.entries(RESULTS_OF_SETTINGS)
    .filter(([settings]) => existsSync(join(folder, settings)))
    .map(([, results]) => join(folder, RESULTS_FOLDER, results));
}

function hasTests(folder: string): boolean {
  return globSync("test/**/*.test.ts", { cwd: folder }).length > 0;
}

function readReport(file: string): VitestReport {
  return JSON.parse(readFileSync(file, "utf8")) as VitestReport;
}
