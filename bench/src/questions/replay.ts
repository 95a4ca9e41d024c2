import { scratchFolder, writeAccessLog } from "@presence/testkit";
import { builtProgram } from "../harness/built.ts";
import { type Measured, ratioOf, spreadOf, valuesOf } from "../harness/figures.ts";
import { interleave } from "../harness/interleave.ts";
import { assertMillion, LARGE_LOG, SMALL_LOG, visitorsOf } from "../harness/large-log.ts";
import { needProgram, type ProgramRun, runProgram } from "../harness/program.ts";
import type { Question } from "../harness/question.ts";
import { resultOf } from "../harness/results.ts";

const LINES_PER_SECOND = "lines/s";
const MEGABYTE = 1_000_000;

/** How fast an access log is read. */
export const replay: Question = {
  name: "replay",
  asks: "How many lines of an access log a second does replay read, and in how much memory?",

  async answer({ rounds, isQuick, say }) {
    const cli = await builtProgram("apps/cli", "bin/presence-cli.js");
    const goaccess = await needProgram("goaccess", "goaccess");
    const folder = await scratchFolder("bench-replay");
    await using ends = new AsyncDisposableStack();
    ends.defer(() => folder.remove());
    const { lines, visitors } = isQuick ? SMALL_LOG : LARGE_LOG;
    const path = await writeAccessLog(folder.path, {
      lines,
      visitors,
      spanMs: 86_400_000,
      disorderMs: 30_000,
    });
    say(`${lines} lines of ${visitors} visitors at most`);
    let distinct = 0;
    const measured = (run: () => Promise<ProgramRun>) => async (): Promise<Measured> => {
      const { wallMs, peakBytes } = await run();
      return { [LINES_PER_SECOND]: lines / (wallMs / 1_000), "peak MB": peakBytes / MEGABYTE };
    };
    const results = await interleave(
      [
        {
          name: "presence-cli replay",
          measure: measured(async () => {
            const run = await runProgram(process.execPath, [cli, "replay", path, "--format", "json"]);
            distinct = visitorsOf(run);
            return run;
          }),
        },
        {
          name: "GoAccess",
          measure: measured(() =>
            runProgram(goaccess, [
              path,
              "--log-format=COMBINED",
              "--no-progress",
              "-o",
              `${folder.path}/report.json`,
            ]),
          ),
        },
        {
          name: "awk, a count of each address",
          measure: measured(() => runProgram("awk", ["{c[$1]++} END {print length(c)}", path])),
        },
      ],
      {
        rounds,
        onMeasured: (name, round, figures) =>
          say(
            `${round} ${name}: ${Math.round(figures[LINES_PER_SECOND] ?? 0)} lines/s, ${figures["peak MB"]?.toFixed(0)} MB`,
          ),
      },
    );
    if (!isQuick) assertMillion(distinct);
    const ours = resultOf(results, "presence-cli replay");
    return {
      results,
      plotted: LINES_PER_SECOND,
      budgets: [
        {
          what: "lines of a log a second",
          bound: { atLeast: 1_000_000 },
          measured: spreadOf(valuesOf(ours, LINES_PER_SECOND)).median,
          unit: "lines/s",
        },
        {
          what: "lines a second, over GoAccess",
          bound: { atLeast: 10 },
          measured: ratioOf(ours, resultOf(results, "GoAccess"), LINES_PER_SECOND).median,
          unit: "times",
        },
        {
          what: "memory at a million distinct addresses",
          bound: { atMost: 100 },
          measured: spreadOf(valuesOf(ours, "peak MB")).median,
          unit: "MB",
        },
      ],
      notes: [
        `A combined log of ${lines} lines over a day, of ${distinct} visitors, out of order by up to 30 s. Start of the program included.`,
        "awk counts lines by address and knows no time: it is the lower bound of reading the file at all.",
      ],
    };
  },
};
