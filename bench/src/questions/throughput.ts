import { join } from "node:path";
import { startRedis } from "@presence/testkit";
import { processCpuMs } from "../harness/accounts.ts";
import { ratioOf } from "../harness/figures.ts";
import { interleave } from "../harness/interleave.ts";
import { needProgram, runProgram } from "../harness/program.ts";
import { PATIENCE_MS } from "../harness/patience.ts";
import type { Question } from "../harness/question.ts";
import { resultOf } from "../harness/results.ts";
import { type RunningApp, startDjango, startKoa } from "../peers/apps.ts";

/** What wrk asks with: 2,000 visitors in turn. */
const VISITORS = join(import.meta.dirname, "../../peers/visitors.lua");
const CONNECTIONS = 64;
const PER_PROCESS = "requests/s a process";
const CPU = "app CPU ms per 1,000";

/** How many requests a second an application answers at most, whatever each one waits. */
export const throughput: Question = {
  name: "throughput",
  asks: "How many requests a second does an application answer that records each of them, asked by 64 connections as fast as it answers?",

  async answer({ rounds, isQuick, say }) {
    const wrk = await needProgram("wrk", "wrk");
    await using server = await startRedis();
    await using apps = new AsyncDisposableStack();
    const seconds = isQuick ? 1 : 3;
    const variants = [];
    const names = { bare: "bare Koa", naive: "Koa, one awaited ZADD", presence: "Koa with Presence" };
    for (const kind of ["bare", "naive", "presence"] as const) {
      // oxlint-disable-next-line no-await-in-loop
      const app = apps.use(await startKoa(kind, server.url));
      variants.push({ name: names[kind], measure: () => closedLoop(wrk, app, seconds, 1) });
    }
    const django = apps.use(await startDjango(server.url));
    variants.push({
      name: "the original (Django)",
      measure: () => closedLoop(wrk, django, seconds, django.pids.length - 1),
    });
    const results = await interleave(variants, {
      rounds,
      onMeasured: (name, round, figures) =>
        say(`${round} ${name}: ${Math.round(figures[PER_PROCESS] ?? 0)}/s`),
    });
    const ours = resultOf(results, names.presence);
    const original = resultOf(results, "the original (Django)");
    return {
      results,
      plotted: PER_PROCESS,
      budgets: [
        {
          what: "requests a process-second, over the original",
          bound: { atLeast: 8 },
          measured: ratioOf(ours, original, PER_PROCESS).median,
          unit: "times",
        },
        {
          what: "CPU per request of an application that records, over the bare one, as fast as they answer",
          bound: { atMost: 1.03 },
          measured: ratioOf(ours, resultOf(results, names.bare), CPU).median,
          unit: "times",
        },
        {
          what: "CPU per recorded request of the original, over ours, as fast as they answer",
          bound: { atLeast: 13 },
          measured: ratioOf(original, ours, CPU).median,
          unit: "times",
        },
      ],
      notes: [
        "Of 2,000 visitors in turn. A closed loop spares a server that stalls: it says how much, never how long. The generator shares the machine's cores with what it measures.",
      ],
    };
  },
};

async function closedLoop(wrk: string, { url, pids }: RunningApp, seconds: number, processes: number) {
  const args = [
    "-t1",
    `-c${CONNECTIONS}`,
    `-d${seconds}s`,
    "--timeout",
    `${PATIENCE_MS / 1_000}s`,
    "-s",
    VISITORS,
    url,
  ];
  const cpuBeforeMs = await processCpuMs(pids);
  const { stdout } = await runProgram(wrk, args);
  const cpuMs = (await processCpuMs(pids)) - cpuBeforeMs;
  const answered = Number(/^\s*(\d+) requests in/m.exec(stdout)?.[1]);
  const perSecond = Number(/^Requests\/sec:\s+([\d.]+)/m.exec(stdout)?.[1]);
  if (/Non-2xx|Socket errors/.test(stdout)) throw new Error(`not every request was answered:\n${stdout}`);
  return { [PER_PROCESS]: perSecond / processes, [CPU]: (cpuMs / answered) * 1_000 };
}
