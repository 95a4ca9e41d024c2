import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { freePort, NGINX, startLoad, startNginx, startRedis, waitUntil } from "@presence/testkit";
import { expect, it } from "vitest";
import { REPOSITORY, startApiProgram } from "../support/programs.ts";
import { fullestSecond, type Reconnection, startFollowers } from "./followers.ts";

const PROCESSES = 3;
const STREAMS = 150;
const VISITS_PER_SECOND = 400;
const HEARTBEATS_PER_SECOND = 100;

/** Longer than the test: who is missing from the count at its end was lost. */
const WINDOW_SECONDS = 600;

/** More than are sent: each request is of a visitor of its own, whom no later one could replace. */
const VISITORS = 1_000_000;

/** The settings of the document for three processes, on these ports. */
async function nginxSettings(port: number, ports: readonly number[]): Promise<string> {
  const text = await readFile(join(REPOSITORY, "docs/recipes/nginx.md"), "utf8");
  const [, settings = ""] = /^## Several processes\n[^]*?^```nginx\n([^]*?)^```/m.exec(text) ?? [];
  const ours = ports.reduce((told, each, i) => told.replace(`:${3_001 + i} `, `:${each} `), settings);
  return ours.replace("listen 80;", `listen 127.0.0.1:${port};`);
}

it.skipIf(NGINX === null)(
  "rolling restart of three processes behind nginx: no request fails, no visitor is lost, streams return one by one",
  async () => {
    await using redis = await startRedis();
    const env = { REDIS_URL: redis.url, PRESENCE_WINDOW_SECONDS: String(WINDOW_SECONDS) };
    const start = async (port: number) => (await startApiProgram({ ...env, PORT: String(port) })).process;
    const ports = await Promise.all(Array.from({ length: PROCESSES }, () => freePort()));
    const processes = await Promise.all(ports.map(start));
    const port = await freePort();
    await using nginx = await startNginx(await nginxSettings(port, ports), port);
    const url = `http://127.0.0.1:${nginx.port}`;
    const followers = await startFollowers(url, STREAMS);
    const shape = { order: "cycle", visitors: VISITORS, timeoutMs: 20_000 } as const;
    await using visits = await startLoad({
      urls: [`${url}/mirror/`],
      ratePerSecond: VISITS_PER_SECOND,
      ...shape,
    });
    // nginx sends these to another process only where it was told that it may.
    await using heartbeats = await startLoad({
      urls: [`${url}/v1/heartbeat`],
      ratePerSecond: HEARTBEATS_PER_SECOND,
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: "{}",
      firstVisitor: VISITORS,
      ...shape,
    });

    const endsMs: number[] = [];
    const waves: (readonly Reconnection[])[] = [];
    for (const [index, process] of processes.entries()) {
      const startedMs = performance.now();
      expect(await process.stop(30_000)).toMatchObject({ code: 0 });
      endsMs.push(Math.round(performance.now() - startedMs));
      await start(ports[index] ?? 0);
      waves.push(await followers.whenAllFollow());
    }

    const reports = await Promise.all([visits.stop(), heartbeats.stop()]);
    const phases = reports.flatMap((report) => report.phases);
    const sent = phases.reduce((sum, phase) => sum + phase.sent, 0);
    const readCount = async (): Promise<number> =>
      ((await (await fetch(`${url}/v1/online`)).json()) as { readonly count: number }).count;
    // Another process sees them once they are flushed.
    await waitUntil(async () => (await readCount()) === sent, { timeoutMs: 20_000 }).catch(() => {});
    const count = await readCount();
    console.log(
      `rolling restart of ${PROCESSES} processes at ${VISITS_PER_SECOND + HEARTBEATS_PER_SECOND} requests/s: ${sent} requests, ` +
        `${phases.map(({ statuses, errors, latencyMs }) => `${JSON.stringify({ ...statuses, ...errors })} with p99 ${latencyMs.p99} ms`).join(", ")}; ` +
        `${count} visitors counted; processes ended after ${endsMs.join(", ")} ms; ` +
        `streams back: ${waves.map(spreadOf).join("; ")}; ${followers.failures.length} of their connections refused`,
    );
    const [visited, beaten] = reports.map((report) => report.phases[0]);
    expect({ ...visited?.statuses, ...visited?.errors }).toEqual({ 204: visited?.sent });
    expect({ ...beaten?.statuses, ...beaten?.errors }).toEqual({ 200: beaten?.sent });
    expect(count).toBe(sent);
    for (const wave of waves) {
      expect(wave.length).toBeGreaterThan(STREAMS / PROCESSES / 2);
      // What they were asked lies between one and six seconds: a fifth of them in each.
      expect(fullestSecond(wave.map(({ askedMs }) => askedMs))).toBeLessThan(wave.length / 2);
      // A machine that stalls for a moment makes some of them return together, never all.
      expect(fullestSecond(wave.map(({ againMs }) => againMs))).toBeLessThan(wave.length * 0.9);
    }
  },
);

/** When streams of one restart were back, as a line. */
function spreadOf(wave: readonly Reconnection[]): string {
  const tookMs = wave.map(({ endedMs, againMs }) => againMs - endedMs).toSorted((a, b) => a - b);
  const told = [tookMs[0], tookMs[Math.floor(tookMs.length / 2)], tookMs.at(-1)];
  const seconds = told.map((ms = 0) => (ms / 1_000).toFixed(1)).join(", ");
  const fullest = fullestSecond(wave.map(({ againMs }) => againMs));
  return `${wave.length} after ${seconds} s (first, middle, last), at most ${fullest} within a second`;
}
