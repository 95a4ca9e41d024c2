import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { startLoad, startRedis, waitUntil, type RedisServer } from "@presence/testkit";
import { connectRedisStore } from "@presence/core/redis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { keepAsking } from "../src/store-watch.ts";
import { problemOf, startTestApi, type TestApi } from "./support/api.ts";
import { IS_FULL_LENGTH, startApiProgram } from "./support/programs.ts";

/** How long the store is away: half a window longer than a window. */
const WINDOW_SECONDS = IS_FULL_LENGTH ? 60 : 2;
const AWAY_MS = WINDOW_SECONDS * 1_500;

/** Longest until the count is right after the store's return. */
const ANSWERS_AGAIN_MS = 6_000;

const RATE_PER_SECOND = 200;
const VISITORS = 50;

let redis: RedisServer;
beforeAll(async () => {
  redis = await startRedis({ persist: true });
});
afterAll(() => redis.stop());

/** What `/v1/online` answered, and how long that took. */
interface Reading {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly tookMs: number;
  readonly body: {
    readonly stale?: boolean;
    readonly complete?: boolean;
    readonly ageMs?: number;
    readonly count?: number;
    readonly code?: string;
  };
}

async function read(url: string): Promise<Reading> {
  const startedMs = performance.now();
  const response = await fetch(`${url}/v1/online`);
  const body = (await response.json()) as Reading["body"];
  const retryAfter = response.headers.get("retry-after");
  return { status: response.status, retryAfter, tookMs: performance.now() - startedMs, body };
}

/** Resident memory of a process in megabytes. */
async function residentMb(pid: number): Promise<number> {
  const { stdout } = await promisify(execFile)("ps", ["-o", "rss=", "-p", String(pid)]);
  return Number(stdout) / 1_024;
}

describe.each([
  // A server that starts anew may have lost the end of what it says it knows, and is believed a window later; one
  // that went on has not.
  { name: "killed", lose: () => redis.kill(), bringBack: () => redis.restart(), isTrusted: false },
  {
    name: "stopped in its tracks",
    lose: () => redis.pause(),
    bringBack: () => redis.resume(),
    isTrusted: true,
  },
])("Redis $name for a window and a half under traffic", ({ name, lose, bringBack, isTrusted }) => {
  it(
    "fails no request, answers stale with a growing age, then 503, and comes back by itself",
    { timeout: 10 * AWAY_MS + 60_000 },
    async () => {
      const env = { REDIS_URL: redis.url, PRESENCE_WINDOW_SECONDS: String(WINDOW_SECONDS) };
      const { url, process: api } = await startApiProgram(env);
      await using load = await startLoad({
        urls: [`${url}/`],
        ratePerSecond: RATE_PER_SECOND,
        visitors: VISITORS,
        order: "cycle",
      });
      const isRight = ({ status, body }: Reading): boolean =>
        status === 200 && body.stale === false && body.count === VISITORS;
      await waitUntil(
        async () => {
          const reading = await read(url);
          return isRight(reading) && reading.body.complete === true;
        },
        { timeoutMs: 2_000 * WINDOW_SECONDS + 20_000, what: "a whole window of traffic" },
      );
      const beforeMb = await residentMb(api.pid);

      load.phase("away");
      await lose();
      const lostMs = performance.now();
      const readings: Reading[] = [];
      let mostMb = 0;
      await waitUntil(
        async () => {
          readings.push(await read(url));
          mostMb = Math.max(mostMb, await residentMb(api.pid));
          return performance.now() - lostMs > AWAY_MS;
        },
        { everyMs: 50, timeoutMs: AWAY_MS + 20_000 },
      );
      // A false zero is the one thing that must never happen.
      expect(readings.some(({ body }) => body.count === 0)).toBe(false);
      const stale = readings.filter(({ body }) => body.stale === true);
      const ages = stale.map(({ body }) => body.ageMs ?? 0);
      expect(ages).toEqual(ages.toSorted((a, b) => a - b));
      expect(Math.max(...ages)).toBeLessThan(WINDOW_SECONDS * 1_000);
      expect(Math.max(...ages)).toBeGreaterThan(WINDOW_SECONDS * 1_000 - 1_000);
      expect(stale.every(({ body }) => body.complete === false && body.count === VISITORS)).toBe(true);
      const refused = readings.filter(({ status }) => status !== 200);
      expect(refused.length).toBeGreaterThan(0);
      expect(refused).toEqual(readings.slice(-refused.length));
      for (const { status, retryAfter, body } of refused) {
        expect({ status, code: body.code }).toEqual({ status: 503, code: "PRESENCE_STORE_UNAVAILABLE" });
        expect(Number(retryAfter)).toBeGreaterThan(0);
      }
      const original = await fetch(`${url}/user/online/`);
      expect(Number(original.headers.get("retry-after"))).toBeGreaterThan(0);
      expect(await problemOf(original)).toMatchObject({ status: 503, code: "PRESENCE_STORE_UNAVAILABLE" });

      load.phase("back");
      const backMs = performance.now();
      await bringBack();
      await waitUntil(async () => isRight(await read(url)));
      const recoveredMs = performance.now() - backMs;
      await waitUntil(async () => (await read(url)).body.complete === true, {
        timeoutMs: 2_000 * WINDOW_SECONDS + 20_000,
        what: "a whole window after the return",
      });
      const wholeMs = performance.now() - backMs;
      const afterMb = await residentMb(api.pid);
      const { phases } = await load.stop();
      const slowestMs = Math.max(...readings.map(({ tookMs }) => tookMs));
      console.log(
        `${name} for ${AWAY_MS / 1_000} s at ${RATE_PER_SECOND} requests/s: ` +
          `${phases.map(({ phase, sent, latencyMs }) => `${phase} ${sent} sent, p99 ${latencyMs.p99} ms`).join("; ")}; ` +
          `${stale.length} stale answers up to ${Math.max(...ages)} ms old, then ${refused.length} of 503, slowest ${slowestMs.toFixed(0)} ms; ` +
          `right again after ${recoveredMs.toFixed(0)} ms, complete after ${wholeMs.toFixed(0)} ms; ` +
          `resident ${beforeMb.toFixed(0)} MB, at most ${mostMb.toFixed(0)} MB while away, ${afterMb.toFixed(0)} MB after`,
      );
      for (const { sent, statuses, errors } of phases)
        expect({ statuses, errors }).toEqual({ statuses: { 302: sent }, errors: {} });
      expect(recoveredMs).toBeLessThan(ANSWERS_AGAIN_MS);
      if (isTrusted) expect(wholeMs).toBeLessThan(ANSWERS_AGAIN_MS);
      else expect(wholeMs).toBeGreaterThan(WINDOW_SECONDS * 1_000);
      expect(mostMb - beforeMb).toBeLessThan(50);
    },
  );
});

async function startOnRedis(): Promise<TestApi> {
  const store = connectRedisStore({ url: redis.url });
  await store.whenReady(5_000);
  return startTestApi({ store, env: { PRESENCE_WINDOW_SECONDS: String(WINDOW_SECONDS) } });
}

describe("/ready", () => {
  it("says degraded within two seconds of a silent loss while nobody visits, and ok again", async () => {
    const api = await startOnRedis();
    const { presence, storeLog } = api.deps;
    const watch = keepAsking({ store: presence.store, presence, log: storeLog });
    const store = async (): Promise<string> =>
      ((await (await api.get("/ready")).json()) as { store: string }).store;
    expect(await store()).toBe("ok");
    await redis.pause();
    const lostMs = performance.now();
    await waitUntil(async () => (await store()) === "degraded");
    expect(performance.now() - lostMs).toBeLessThan(2_000);
    await redis.resume();
    await waitUntil(async () => (await store()) === "ok");
    watch.close();
  });
});
