import { join } from "node:path";
import { freePort, scratchFolder, startProcess, startRedis } from "@presence/testkit";
import { type Measured, ratioOf, spreadOf, valuesOf } from "../harness/figures.ts";
import { builtProgram } from "../harness/built.ts";
import { interleave } from "../harness/interleave.ts";
import { runProgram } from "../harness/program.ts";
import type { Question } from "../harness/question.ts";
import { resultOf } from "../harness/results.ts";

const TIMES_A_ROUND = 10;

/** How long it takes to start. */
export const start: Question = {
  name: "start",
  asks: "How long does a count take in a terminal, beside a Node that does nothing, and how soon does the server listen?",

  async answer({ rounds, isQuick, say }) {
    const cli = await builtProgram("apps/cli", "bin/presence-cli.js");
    const server = await builtProgram("apps/api", "bin/presence-server.js");
    await using redis = await startRedis();
    const times = isQuick ? 2 : TIMES_A_ROUND;
    const env = { REDIS_URL: redis.url };
    const results = await interleave(
      [
        { name: "node -e 0", measure: () => wall(times, () => runProgram(process.execPath, ["-e", "0"])) },
        {
          name: "presence-cli count, of Redis",
          measure: () =>
            wall(times, () => runProgram(process.execPath, [cli, "count", "--format", "plain"], { env })),
        },
        {
          name: "presence-server, listening",
          measure: () => wall(Math.ceil(times / 2), () => listen(server)),
        },
      ],
      {
        rounds,
        onMeasured: (name, round, figures) => say(`${round} ${name}: ${figures["wall ms"]?.toFixed(0)} ms`),
      },
    );
    const of = (name: string) => resultOf(results, name);
    return {
      results,
      plotted: "wall ms",
      budgets: [
        {
          what: "presence-cli count, over node -e 0",
          bound: { atMost: 3 },
          measured: ratioOf(of("presence-cli count, of Redis"), of("node -e 0"), "wall ms").median,
          unit: "times",
        },
        {
          what: "the server, until it listens",
          bound: { atMost: 500 },
          measured: spreadOf(valuesOf(of("presence-server, listening"), "wall ms")).median,
          unit: "ms",
        },
      ],
      notes: [
        "Built programs, not through npx. The server is in embedded mode with a data directory of its own.",
      ],
    };
  },
};

/** The median of some runs. */
async function wall(times: number, run: () => Promise<{ readonly wallMs: number }>): Promise<Measured> {
  const elapsed: number[] = [];
  for (let i = 0; i < times; i += 1) {
    // oxlint-disable-next-line no-await-in-loop
    elapsed.push((await run()).wallMs);
  }
  return { "wall ms": spreadOf(elapsed).median };
}

async function listen(program: string): Promise<{ readonly wallMs: number }> {
  const folder = await scratchFolder("bench-start");
  await using ends = new AsyncDisposableStack();
  ends.defer(() => folder.remove());
  const port = await freePort();
  const startedMs = performance.now();
  await using server = await startProcess(process.execPath, [program], {
    cwd: folder.path,
    env: { PORT: String(port), PRESENCE_DATA_DIR: join(folder.path, "data") },
    ready: /listening/,
  });
  const wallMs = performance.now() - startedMs;
  if (!server.isRunning) throw new Error(server.output);
  return { wallMs };
}
