import { scratchFolder, startRedis, writeAccessLog } from "@presence/testkit";
import { builtProgram } from "../harness/built.ts";
import { type Measured, spreadOf, valuesOf } from "../harness/figures.ts";
import { interleave } from "../harness/interleave.ts";
import { runProgram } from "../harness/program.ts";
import type { Question } from "../harness/question.ts";
import { resultOf } from "../harness/results.ts";

const LINES_PER_SECOND = "lines/s";
const PLAIN = "record --log";

/** How fast a log becomes visitors in Redis. */
export const recordLog: Question = {
  name: "record-log",
  asks: "How many lines of an access log a second does record --log put into Redis?",

  async answer({ rounds, isQuick, say }) {
    const cli = await builtProgram("apps/cli", "bin/presence-cli.js");
    await using redis = await startRedis();
    const client = redis.client();
    const folder = await scratchFolder("bench-record-log");
    await using ends = new AsyncDisposableStack();
    ends.defer(() => folder.remove());
    const lines = isQuick ? 10_000 : 1_000_000;
    const visitors = isQuick ? 2_000 : 100_000;
    const path = await writeAccessLog(folder.path, { lines, visitors, spanMs: 60_000 });
    const recorded = (identity: string) => async (): Promise<Measured> => {
      await client.flushall();
      const { wallMs, peakBytes } = await runProgram(
        process.execPath,
        [cli, "record", "--log", path, "--at", "now", "--format", "json"],
        { env: { REDIS_URL: redis.url, PRESENCE_IDENTITY: identity } },
      );
      const online = await client.zcard("onlines");
      if (online < visitors / 2) throw new Error(`only ${online} visitors of the log are online`);
      return { [LINES_PER_SECOND]: lines / (wallMs / 1_000), "peak MB": peakBytes / 1e6 };
    };
    const results = await interleave(
      [
        { name: PLAIN, measure: recorded("ip") },
        { name: `${PLAIN}, hashed`, measure: recorded("hashed") },
      ],
      {
        rounds,
        onMeasured: (name, round, figures) =>
          say(`${round} ${name}: ${Math.round(figures[LINES_PER_SECOND] ?? 0)} lines/s`),
      },
    );
    return {
      results,
      plotted: LINES_PER_SECOND,
      budgets: [
        {
          what: "lines a second of record --log",
          bound: { atLeast: 300_000 },
          measured: spreadOf(valuesOf(resultOf(results, PLAIN), LINES_PER_SECOND)).median,
          unit: "lines/s",
        },
      ],
      notes: [
        `A combined log of ${lines} lines of up to ${visitors} visitors, each line as if it came now. Start of the program included.`,
      ],
    };
  },
};
