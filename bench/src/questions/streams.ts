import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { startProcess, waitUntil } from "@presence/testkit";
import { startServer } from "../harness/api.ts";
import { processCpuMs } from "../harness/accounts.ts";
import type { Measured } from "../harness/figures.ts";
import { spreadOf, valuesOf } from "../harness/figures.ts";
import { interleave } from "../harness/interleave.ts";
import type { Question } from "../harness/question.ts";
import { resultOf } from "../harness/results.ts";
import { ipv4 } from "../harness/visitors.ts";

const READERS = join(import.meta.dirname, "../../peers/stream-readers.ts");
const CHANGES = 5;

/** Longer than the pause behind an event, in milliseconds. */
const QUIET_MS = 1_500;

/** How often the server looks while nothing changes, in milliseconds. */
const LOOK_MS = 500;

/** What readers of the live stream cost, and how soon they know. */
export const streams: Question = {
  name: "streams",
  asks: "How soon does every reader of the live stream know of a change, and what does a reader cost?",

  async answer({ rounds, isQuick, say }) {
    const amounts = isQuick ? [50] : [1_000, 10_000];
    const name = (readers: number): string => `${readers} readers`;
    const results = await interleave(
      amounts.map((readers) => ({ name: name(readers), measure: () => measure(readers) })),
      {
        rounds,
        onMeasured: (variant, round, figures) =>
          say(`${round} ${variant}: last told after ${figures["last told ms"]?.toFixed(0)} ms`),
      },
    );
    const most = resultOf(results, name(amounts.at(-1) ?? 0));
    const worst = (figure: string): number => spreadOf(valuesOf(most, figure)).max;
    return {
      results,
      plotted: "last told ms",
      budgets: [
        {
          what: "until the last of 10,000 readers is told, of a visit right behind an event",
          bound: { atMost: 1_000 },
          measured: worst("last told ms"),
          unit: "ms",
        },
        {
          what: "the same, of a visit after a quiet second",
          bound: { atMost: 1_000 },
          measured: worst("after quiet ms"),
          unit: "ms",
        },
        { what: "cores for 10,000 readers", bound: { atMost: 1 }, measured: worst("cores"), unit: "cores" },
        { what: "memory a reader", bound: { atMost: 20 }, measured: worst("kB a reader"), unit: "kB" },
      ],
      notes: [
        "Told: from the request that changes the count to the last reader's event; the worst of five. The first five visits each come as soon as all were told of the one before, and wait for the pause of a second between two events; the others come a second and a half to two later.",
      ],
    };
  },
};

async function measure(readers: number): Promise<Measured> {
  await using server = await startServer({
    PRESENCE_STREAMS_MAX: String(readers),
    PRESENCE_STREAMS_PER_CLIENT: String(readers),
  });
  const { pid } = server.process;
  const before = residentBytes(pid);
  await using client = await startProcess(
    process.execPath,
    [READERS, `${server.url}/v1/online/stream`, String(readers)],
    { ready: /^open$/m, readyTimeoutMs: 120_000 },
  );
  const kB = (residentBytes(pid) - before) / readers / 1_000;
  const cpuBefore = await processCpuMs([pid]);
  const startedMs = performance.now();
  let visitors = 0;

  /** How long it takes until all of them know of one visitor more. */
  async function visit(): Promise<number> {
    const marks = client.stdout.split("marked").length;
    client.write("mark\n");
    await waitUntil(() => client.stdout.split("marked").length > marks);
    await fetch(`${server.url}/mirror/`, { headers: { "X-Forwarded-For": ipv4(visitors) } });
    visitors += 1;
    const told = await waitUntil(() => /marked\n(\{.*\})\n$/.exec(client.stdout)?.[1], { timeoutMs: 30_000 });
    return (JSON.parse(told) as { readonly lastMs: number }).lastMs;
  }

  const behindAnother: number[] = [];
  const afterQuiet: number[] = [];
  for (let change = 0; change < CHANGES; change += 1) {
    // oxlint-disable-next-line no-await-in-loop
    behindAnother.push(await visit());
  }
  const cores = ((await processCpuMs([pid])) - cpuBefore) / (performance.now() - startedMs);
  for (let change = 0; change < CHANGES; change += 1) {
    // At another moment between two looks each time.
    // oxlint-disable-next-line no-await-in-loop
    await delay(QUIET_MS + (change * LOOK_MS) / CHANGES);
    // oxlint-disable-next-line no-await-in-loop
    afterQuiet.push(await visit());
  }
  return {
    "last told ms": spreadOf(behindAnother).max,
    "after quiet ms": spreadOf(afterQuiet).max,
    "kB a reader": kB,
    cores,
  };
}

function residentBytes(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) * 1_024;
}
