import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { generateLoad, type PhaseReport, startRedis, waitUntil } from "@presence/testkit";
import { expect, it, onTestFinished } from "vitest";
import { startApiProgram } from "../support/programs.ts";
import { median, type Sample, slopePerMinute } from "./series.ts";
import { openStreamReaders } from "./stream-readers.ts";
import { type CountBounds, createVisitLedger } from "./visit-ledger.ts";

/** Minutes of it: `npx pnpm@12 soak --seconds 1800`, three in the test command. */
const MINUTES = Math.max(2, Math.ceil(Number(process.env["SOAK_SECONDS"] ?? 180) / 60));
/** Held to what is promised where it runs as long as that takes. */
const IS_FULL_LENGTH = MINUTES >= 30;

const RATE_PER_SECOND = 2_000;
const VISITORS = 200_000;
const STREAMS = 500;
const WINDOW_MS = 60_000;

/**
 * Of each minute nobody comes for the last seconds. The window is a minute too: in the middle of such a pause both
 * ends of the window lie in one, and the count has one right value.
 */
const TRAFFIC_MS = 55_000;
const EVERY_MS = 1_000;

/** A machine that cannot keep the rate answers late; what it says must be right all the same. */
const ANSWERED_MS = 120_000;

/** Memory may grow so much after the first minute, in MB: the short run has it hardly behind it. */
const MOST_GROWTH_MB = IS_FULL_LENGTH ? 30 : 120;
const MOST_SLOPE_MB_PER_MINUTE = 1;
/** Beside the streams and what a server always has: what a pause does not close. */
const MOST_MORE_FILES = 20;

/** One look at the server. */
interface Reading extends CountBounds {
  readonly count: number;
  /** One that is not may be too low: a write is tried again, or the first window is not over. */
  readonly complete: boolean;
}

interface Online {
  readonly count: number;
  readonly asOf: string;
  readonly complete: boolean;
}

function residentMb(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1_024;
}

const openFiles = (pid: number): number => readdirSync(`/proc/${pid}/fd`).length;

it(
  "soak: the count within its bounds at each look and exact in each pause, memory and files flat",
  { timeout: (2 * MINUTES + 10) * 60_000 },
  async () => {
    await using redis = await startRedis();
    const info = redis.client();
    const { url, process: api } = await startApiProgram({ REDIS_URL: redis.url });
    const ledger = createVisitLedger(VISITORS, WINDOW_MS);
    const readings: Reading[] = [];
    const take = ({ count, complete, asOf }: Online): Reading => {
      const reading = { count, complete, ...ledger.boundsAt(Date.parse(asOf)) };
      readings.push(reading);
      return reading;
    };
    const read = async (): Promise<Reading> =>
      take((await (await fetch(`${url}/v1/online`)).json()) as Online);
    const readers = openStreamReaders(url, STREAMS, (data) => take(JSON.parse(data) as Online));
    onTestFinished(() => readers.close());
    await waitUntil(() => readers.open === STREAMS, { timeoutMs: 60_000, what: "all streams" });

    const startedMs = performance.now();
    const memory: Sample[] = [];
    const files: Sample[] = [];
    const phases: PhaseReport[] = [];
    let [exact, late, minute] = [0, 0, 0];
    while (minute < MINUTES) {
      const nextMs = startedMs + (minute + 1) * WINDOW_MS;
      const durationMs = nextMs - performance.now() - (WINDOW_MS - TRAFFIC_MS);
      const options = { urls: [`${url}/mirror/`], ratePerSecond: RATE_PER_SECOND, visitors: VISITORS };
      const load = generateLoad({ ...options, durationMs, seed: minute + 1, timeoutMs: ANSWERED_MS }, ledger);
      let isLoaded = true;
      const loaded = load.done.finally(() => (isLoaded = false));
      while (isLoaded) {
        await delay(EVERY_MS);
        await read();
        memory.push({ atMs: performance.now(), value: residentMb(api.pid) });
      }
      phases.push(...(await loaded).phases);
      const isLate = performance.now() > nextMs;
      late += Number(isLate);
      // Where the machine did not keep the rate, the next minute that is whole begins anew.
      minute = Math.ceil((performance.now() - startedMs) / WINDOW_MS);
      while (performance.now() < startedMs + minute * WINDOW_MS) {
        const { least, most, count } = await read();
        if (least === most && most === count) exact += 1;
        await delay(100);
      }
      files.push({ atMs: performance.now(), value: openFiles(api.pid) });
      tell(
        `minute ${minute}${isLate ? " (late)" : ""}: ${readings.at(-1)?.count} online, ${exact} times exact, ` +
          `${residentMb(api.pid).toFixed(1)} MB, ${files.at(-1)?.value} files, ${readers.open} streams, ` +
          `Redis ${/used_memory_human:(\S+)/.exec(await info.info("memory"))?.[1]}`,
      );
    }

    const settled = memory.filter(({ atMs }) => atMs > startedMs + WINDOW_MS);
    const third = Math.ceil(settled.length / 3);
    const growthMb = median(settled.slice(-third)) - median(settled.slice(0, third));
    const slope = slopePerMinute(settled);
    const complete = readings.filter((reading) => reading.complete);
    const outside = [
      ...readings.filter(({ count, most }) => count > most),
      ...complete.filter(({ count, least }) => count < least),
    ];
    const widest = Math.max(...readings.map(({ least, most }) => most - least));
    const sent = phases.reduce((sum, phase) => sum + phase.sent, 0);
    const told = readers.told();
    tell(
      `${MINUTES} minutes at ${RATE_PER_SECOND} requests/s over ${VISITORS} visitors with ${STREAMS} streams: ${sent} requests, ` +
        `${late} minutes late, p99 at most ${Math.max(...phases.map(({ latencyMs }) => latencyMs.p99))} ms in a minute; ` +
        `${readings.length} counts read, ${complete.length} of them complete, ${outside.length} outside their bounds (the widest ${widest}), ${exact} of them with one right value, and that; ` +
        `memory ${median(settled).toFixed(1)} MB, grown by ${growthMb.toFixed(1)} MB after the first minute, ${slope.toFixed(2)} MB a minute; ` +
        `files ${files.map(({ value }) => value).join(", ")}, ${slopePerMinute(files).toFixed(2)} a minute; ` +
        `streams told ${told.fewest} to ${told.most} events`,
    );
    for (const phase of phases) expect({ ...phase.statuses, ...phase.errors }).toEqual({ 204: phase.sent });
    expect(complete.length).toBeGreaterThan(0);
    expect(outside).toEqual([]);
    if (late === 0) expect(exact).toBeGreaterThan(0);
    expect(readers.open).toBe(STREAMS);
    expect(told.fewest).toBeGreaterThan(0);
    expect(growthMb).toBeLessThan(MOST_GROWTH_MB);
    if (IS_FULL_LENGTH) expect(slope).toBeLessThan(MOST_SLOPE_MB_PER_MINUTE);
    expect((files.at(-1)?.value ?? 0) - (files[0]?.value ?? 0)).toBeLessThan(MOST_MORE_FILES);
  },
);

function tell(line: string): void {
  console.log(`soak: ${line}`);
}
