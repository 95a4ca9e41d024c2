import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { spreadOf, valuesOf, type VariantResult } from "./figures.ts";
import type { Machine } from "./machine.ts";
import { barPlot, linePlot, readable } from "./plot.ts";
import { type Answer, type Budget, isMet, type Question } from "./question.ts";
import { sizingSection, unitCosts } from "./sizing.ts";

/** Where the figures of full runs are kept. */
export const RESULTS = join(import.meta.dirname, "../../results");

/** Where the report on them is. */
export const REPORT = join(import.meta.dirname, "../../../docs/performance.md");

/** One question as its file keeps it. */
interface KeptAnswer extends Answer {
  readonly name: string;
  readonly asks: string;
  readonly rounds: number;
  readonly measuredOn: string;
  readonly machine: Machine;
}

/** Writes `<name>.json` and its plot into a folder. */
export async function keepAnswer(
  folder: string,
  question: Question,
  answer: Answer,
  about: { readonly rounds: number; readonly measuredOn: string; readonly machine: Machine },
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const { name, asks } = question;
  const kept: KeptAnswer = { name, asks, ...about, ...answer };
  await writeFile(join(folder, `${name}.json`), `${JSON.stringify(kept, null, 2)}\n`);
  const { results, plotted: figure, plottedOver } = answer;
  const plot =
    plottedOver === undefined
      ? barPlot({ title: name, results, figure })
      : linePlot({ title: name, results, figure, over: plottedOver });
  await writeFile(join(folder, `${name}.svg`), plot);
}

/** Options of {@link writeReport}. */
export interface ReportOptions {
  /** The folder of the figures. */
  readonly results: string;
  /** The file to write. */
  readonly report: string;
  /** Names of the questions as they follow each other. */
  readonly order: readonly string[];
}

/** Writes the report from every result that is kept, by this run or an earlier one. */
export async function writeReport({ results, report, order }: ReportOptions): Promise<void> {
  await mkdir(results, { recursive: true });
  const files = (await readdir(results)).filter((file) => file.endsWith(".json"));
  const kept = await Promise.all(
    files.map(async (file): Promise<KeptAnswer> => JSON.parse(await readFile(join(results, file), "utf8"))),
  );
  const place = (name: string): number => (order.includes(name) ? order.indexOf(name) : order.length);
  kept.sort((a, b) => place(a.name) - place(b.name));
  const head = await readFile(join(import.meta.dirname, "../../report-head.md"), "utf8");
  const tail = await readFile(join(import.meta.dirname, "../../report-tail.md"), "utf8");
  const budgets = kept.flatMap(({ name, budgets: of }) => of.map((budget) => ({ name, ...budget })));
  const costs = unitCosts(new Map(kept.map(({ name, results: ofQuestion }) => [name, ofQuestion])));
  const sizing = costs === null ? [] : [sizingSection(costs)];
  await writeFile(
    report,
    [head.trim(), budgetTable(budgets), ...kept.map(section), ...sizing, tail.trim(), ""].join("\n\n"),
  );
}

function budgetTable(budgets: readonly (Budget & { readonly name: string })[]): string {
  const rows = budgets.map((budget) => {
    const { name, what, bound, measured, unit } = budget;
    const wanted =
      "atMost" in bound ? `at most ${readable(bound.atMost)}` : `at least ${readable(bound.atLeast)}`;
    const verdict = isMet(budget) ? "met" : "**missed**";
    return `| ${what} | ${wanted} ${unit} | ${readable(measured)} ${unit} | ${verdict} | [${name}](#${name}) |`;
  });
  return [
    "## Budgets",
    "",
    "| what | budget | measured | | question |",
    "|---|---|---|---|---|",
    ...rows,
  ].join("\n");
}

function section({ name, asks, rounds, measuredOn, machine, results, notes }: KeptAnswer): string {
  const { cores, cpu, memoryGb, node } = machine;
  const figures = [
    ...new Set(results.flatMap((result) => result.rounds.flatMap((round) => Object.keys(round)))),
  ];
  return [
    `## ${name}`,
    "",
    asks,
    "",
    `![${name}](../bench/results/${name}.svg)`,
    "",
    `| variant | ${figures.join(" | ")} |`,
    `|---|${figures.map(() => "---:|").join("")}`,
    ...results.map(
      (result) => `| ${result.variant} | ${figures.map((figure) => cell(result, figure)).join(" | ")} |`,
    ),
    "",
    ...notes.map((note) => `- ${note}`),
    `- Medians of ${rounds} rounds with least and most, ${measuredOn}, ${cores} cores (${cpu}), ${memoryGb} GB, Node ${node}.`,
  ].join("\n");
}

function cell(result: VariantResult, figure: string): string {
  if (!result.rounds.some((round) => round[figure] !== undefined)) return "";
  const { median, min, max } = spreadOf(valuesOf(result, figure));
  return min === max ? readable(median) : `${readable(median)} (${readable(min)}–${readable(max)})`;
}
