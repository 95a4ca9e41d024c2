import { startLoad, type Percentiles } from "@presence/testkit";
import type { Redis } from "ioredis";
import type { RunningApp } from "../peers/apps.ts";
import { processCpuMs, redisWork } from "./accounts.ts";
import type { Measured } from "./figures.ts";
import { PATIENCE_MS } from "./patience.ts";

/** How an application is put under load. */
export interface LoadShape {
  readonly ratePerSecond: number;
  readonly durationMs: number;
  readonly visitors: number;
}

/**
 * What a fixed rate of requests costs the application and Redis, by the kernel's and the server's own account, and
 * how long each took from when it should have begun.
 *
 * @throws {Error} where a request was not answered with 200.
 */
export async function measureUnderLoad(app: RunningApp, redis: Redis, shape: LoadShape): Promise<Measured> {
  const { pids } = app;
  const [cpuBefore, workBefore] = [await processCpuMs(pids), await redisWork(redis)];
  const load = await startLoad({ urls: [app.url], ...shape, timeoutMs: PATIENCE_MS });
  const { phases } = await load.done;
  const [cpuAfter, workAfter] = [await processCpuMs(pids), await redisWork(redis)];
  const [phase] = phases;
  if (phase === undefined) throw new Error("the load sent nothing");
  const { sent, statuses, latencyMs } = phase;
  if (statuses["200"] !== sent) throw new Error(`of ${sent} requests: ${JSON.stringify(phase.statuses)}`);
  const thousands = sent / 1_000;
  return {
    "app CPU ms per 1,000": (cpuAfter - cpuBefore) / thousands,
    "Redis CPU ms per 1,000": (workAfter.cpuMs - workBefore.cpuMs) / thousands,
    "Redis commands per 1,000": (workAfter.commands - workBefore.commands) / thousands,
    ...percentileFigures(latencyMs),
  };
}

export function percentileFigures({ p50, p99, p999 }: Percentiles): Measured {
  return { "p50 ms": p50, "p99 ms": p99, "p999 ms": p999 };
}
