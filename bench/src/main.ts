import { join } from "node:path";
import { describeMachine } from "./harness/machine.ts";
import { MissingPeerError } from "./harness/missing-peer.ts";
import { readable } from "./harness/plot.ts";
import { type Answer, type Effort, isMet, type Question } from "./harness/question.ts";
import { keepAnswer, REPORT, RESULTS, writeReport } from "./harness/report.ts";
import { QUESTIONS } from "./questions/index.ts";

// `npx pnpm@12 bench [name…] [--quick]`: measures, keeps the figures in bench/results and writes docs/performance.md.
// A quick run proves that everything starts; its figures are worth nothing and go elsewhere.
const FULL_ROUNDS = 5;
const QUICK_RESULTS = join(import.meta.dirname, "../.test-results/quick");
const words = process.argv.slice(2);
const isQuick = words.includes("--quick");
const names = words.filter((word) => !word.startsWith("--"));
const unknown = names.filter((name) => !QUESTIONS.some((question) => question.name === name));
const strange = words.filter((word) => word.startsWith("--") && word !== "--quick");

if (unknown.length > 0 || strange.length > 0) {
  const known = QUESTIONS.map(({ name }) => name).join(", ");
  process.stderr.write(
    `bench: no question ${[...unknown, ...strange].join(", ")}. There are: ${known}; and --quick.\n`,
  );
  process.exitCode = 2;
} else {
  await run();
}

async function run(): Promise<void> {
  const results = isQuick ? QUICK_RESULTS : RESULTS;
  const about = {
    machine: describeMachine(),
    rounds: isQuick ? 1 : FULL_ROUNDS,
    measuredOn: new Date().toISOString().slice(0, 10),
  };
  const failed: string[] = [];
  for (const question of QUESTIONS) {
    if (names.length > 0 && !names.includes(question.name)) continue;
    process.stdout.write(`\n${question.name}: ${question.asks}\n`);
    const startedMs = performance.now();
    const say = (line: string): void => void process.stdout.write(`  ${line}\n`);
    // oxlint-disable-next-line no-await-in-loop
    const answer = await ask(question, { rounds: about.rounds, isQuick, say });
    if (answer === "failed") failed.push(question.name);
    if (typeof answer === "string") continue;
    for (const budget of answer.budgets) {
      const { what, measured, unit } = budget;
      say(`${isMet(budget) ? "met   " : "MISSED"} ${what}: ${readable(measured)} ${unit}`);
    }
    say(`took ${Math.round((performance.now() - startedMs) / 1_000)} s`);
    // oxlint-disable-next-line no-await-in-loop
    await keepAnswer(results, question, answer, about);
  }
  const report = isQuick ? join(QUICK_RESULTS, "performance.md") : REPORT;
  await writeReport({ results, report, order: QUESTIONS.map(({ name }) => name) });
  if (failed.length === 0) return;
  process.stderr.write(`bench: no answer to ${failed.join(", ")} (see above); the others are written.\n`);
  process.exitCode = 1;
}

/**
 * A stall of the machine is no answer: what fails is asked once more. Only a quick run goes without the questions
 * whose peers this machine cannot be given, and says so.
 */
async function ask(question: Question, effort: Effort): Promise<Answer | "failed" | "skipped"> {
  for (const attempt of ["first", "second"]) {
    try {
      // oxlint-disable-next-line no-await-in-loop
      return await question.answer(effort);
    } catch (error) {
      if (effort.isQuick && error instanceof MissingPeerError) {
        effort.say(`SKIPPED ${question.name}: ${error.message}`);
        return "skipped";
      }
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      process.stderr.write(`bench: ${question.name} failed the ${attempt} time: ${text}\n`);
    }
  }
  return "failed";
}
