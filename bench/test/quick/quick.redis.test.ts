import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { startProcess } from "@presence/testkit";
import { describe, expect, it } from "vitest";
import type { VariantResult } from "../../src/harness/figures.ts";
import { QUESTIONS } from "../../src/questions/index.ts";

const MAIN = join(import.meta.dirname, "../../src/main.ts");
const RESULTS = join(import.meta.dirname, "../../.test-results/quick");

/** Those who compare with a program that is no part of the tests; a machine may not be given it. */
const WITH_PEERS = ["recording", "throughput", "bulk", "memory", "replay", "generator"];

/** All figures that were kept of a question, whose plot is there too. */
async function figuresOf(name: string): Promise<readonly number[]> {
  const [kept, plot] = await Promise.all(
    ["json", "svg"].map((kind) => readFile(join(RESULTS, `${name}.${kind}`), "utf8")),
  );
  const { results } = JSON.parse(kept ?? "") as { readonly results: readonly VariantResult[] };
  if (plot?.includes("<svg") !== true) return [];
  return results.flatMap(({ rounds }) => rounds.flatMap((round) => Object.values(round)));
}

describe("bench --quick", () => {
  it("measures something for every question, and says whose peers this machine cannot be given", async () => {
    await rm(RESULTS, { recursive: true, force: true });
    await using bench = await startProcess(process.execPath, [
      "--conditions=@presence/source",
      MAIN,
      "--quick",
    ]);
    const { code } = await bench.exited;
    expect({ code, said: code === 0 ? "" : bench.output }).toEqual({ code: 0, said: "" });
    const skipped = WITH_PEERS.filter((name) => bench.stdout.includes(`SKIPPED ${name}: `));
    const asked = QUESTIONS.map(({ name }) => name).filter((name) => !skipped.includes(name));
    const figures = await Promise.all(asked.map(async (name) => [name, await figuresOf(name)] as const));
    const unmeasured = figures.filter(([, of]) => of.length === 0 || !of.every(Number.isFinite));
    expect(unmeasured).toEqual([]);
    expect(await readFile(join(RESULTS, "performance.md"), "utf8")).toContain("## Budgets");
  });
});
