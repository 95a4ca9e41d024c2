import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { accessLogLines, scratchFolder } from "@presence/testkit";
import { builtProgram } from "../harness/built.ts";
import { spreadOf, valuesOf } from "../harness/figures.ts";
import { interleave } from "../harness/interleave.ts";
import { assertMillion, LARGE_LOG, SMALL_LOG, visitorsOf } from "../harness/large-log.ts";
import { runProgram } from "../harness/program.ts";
import type { Question } from "../harness/question.ts";
import { resultOf } from "../harness/results.ts";

const NAME = "presence-cli replay";

/** Whether memory grows with the log. */
export const replayLarge: Question = {
  name: "replay-large",
  asks: "How much memory does replay take for a log of 5 GB with a million visitors?",

  async answer({ isQuick, say }) {
    const cli = await builtProgram("apps/cli", "bin/presence-cli.js");
    const folder = await scratchFolder("bench-replay-large");
    await using ends = new AsyncDisposableStack();
    ends.defer(() => folder.remove());
    const path = join(folder.path, "access.log");
    // A log that grows repeats its visitors, not its size.
    const log = await writeDays(
      path,
      isQuick ? { bytes: 5e6, day: SMALL_LOG } : { bytes: 5e9, day: LARGE_LOG },
    );
    say(`${log.lines} lines, ${(log.bytes / 1e9).toFixed(2)} GB`);
    let distinct = 0;
    const results = await interleave(
      [
        {
          name: NAME,
          async measure() {
            const run = await runProgram(process.execPath, [cli, "replay", path, "--format", "json"]);
            distinct = visitorsOf(run);
            return { "lines/s": log.lines / (run.wallMs / 1_000), "peak MB": run.peakBytes / 1e6 };
          },
        },
      ],
      {
        rounds: 1,
        onMeasured: (name, round, figures) => say(`${round} ${name}: ${JSON.stringify(figures)}`),
      },
    );
    if (!isQuick) assertMillion(distinct);
    const figure = (name: string): number => spreadOf(valuesOf(resultOf(results, NAME), name)).max;
    return {
      results,
      plotted: "peak MB",
      budgets: [
        {
          what: "memory of replay for a log of 5 GB",
          bound: { atMost: 100 },
          measured: figure("peak MB"),
          unit: "MB",
        },
        {
          what: "lines of a log of 5 GB a second",
          bound: { atLeast: 1_000_000 },
          measured: figure("lines/s"),
          unit: "lines/s",
        },
      ],
      notes: [
        `Each day of the log has the same ${distinct} visitors at other times; one round after a warm-up.`,
      ],
    };
  },
};

/** Writes the same day again and again, each with its date, until the file is large enough. */
async function writeDays(
  path: string,
  { bytes, day }: { readonly bytes: number; readonly day: typeof LARGE_LOG },
): Promise<{ readonly bytes: number; readonly lines: number }> {
  const lines = [...accessLogLines({ ...day, spanMs: 86_000_000, disorderMs: 30_000 })];
  const text = `${lines.join("\n")}\n`;
  const file = createWriteStream(path);
  let written = 0;
  let days = 0;
  for (; written < bytes; days += 1) {
    const date = `[${String(days + 1).padStart(2, "0")}/Jan/2026:`;
    const chunk = Buffer.from(text.replaceAll("[01/Jan/2026:", date), "latin1");
    written += chunk.length;
    // oxlint-disable-next-line no-await-in-loop
    if (!file.write(chunk)) await once(file, "drain");
  }
  file.end();
  await once(file, "finish");
  return { bytes: written, lines: days * day.lines };
}
