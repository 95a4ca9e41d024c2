import { type PhaseReport, type RedisServer, startLoad, startRedis, waitUntil } from "@presence/testkit";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { expectSameAnswers } from "./support/answers.ts";
import { startExpressApp } from "./support/express-app.ts";
import { startFastifyApp } from "./support/fastify-app.ts";
import { startHonoApp } from "./support/hono-app.ts";
import { startKoaApp } from "./support/koa-app.ts";
import type { StartApp } from "./support/test-app.ts";

const REQUESTS_PER_SECOND = 250;
const VISITORS = 100;
/** What happens to Redis, one after the other, and for how long; a command is waited for for a second. */
const PHASES = {
  "Redis there": 400,
  "Redis stopped": 1_300,
  "Redis killed": 500,
  "Redis back": 400,
} as const;

let redis: RedisServer;
beforeAll(async () => {
  redis = await startRedis({ persist: true });
});
afterAll(() => redis.stop());

const FRAMEWORKS: readonly (readonly [name: string, start: StartApp])[] = [
  ["Koa", startKoaApp],
  ["Express", startExpressApp],
  ["Fastify", startFastifyApp],
  ["Hono", startHonoApp],
];

it.each(FRAMEWORKS)(
  "%s answers the same with and without presence while Redis stops, dies and returns",
  async (name, startApp) => {
    const bare = await startApp(null);
    const counting = await startApp({
      redis: redis.url,
      key: name.toLowerCase(),
      trustedProxies: ["loopback"],
      onEvent: () => {},
    });
    onTestFinished(async () => {
      await Promise.all([bare.stop(), counting.stop()]);
      await counting.online?.close();
    });
    const count = async (): Promise<number> => (await counting.online?.count().catch(() => null))?.count ?? 0;
    const apps = [bare, counting];
    const loads = await Promise.all(
      apps.map(({ url }) =>
        startLoad({ urls: [`${url}/json`], ratePerSecond: REQUESTS_PER_SECOND, visitors: VISITORS }),
      ),
    );
    const happens = {
      "Redis there": async () => void (await waitUntil(async () => (await count()) >= VISITORS)),
      "Redis stopped": () => redis.pause(),
      "Redis killed": () => redis.kill(),
      "Redis back": () => redis.restart(),
    };
    for (const phase of Object.keys(PHASES) as (keyof typeof PHASES)[]) {
      await happens[phase]();
      for (const load of loads) load.phase(phase);
      await comparedFor(PHASES[phase], bare.url, counting.url);
    }
    const reports = await Promise.all(loads.map((load) => load.stop()));
    await waitUntil(async () => (await count()) >= VISITORS, { timeoutMs: 20_000 });

    for (const phase of Object.keys(PHASES) as (keyof typeof PHASES)[]) {
      const [without, withPresence] = reports.map(({ phases }) =>
        phases.find((report) => report.phase === phase),
      );
      if (without === undefined || withPresence === undefined)
        throw new Error(`nothing was sent while ${phase}`);
      console.log(line(name, phase, without, withPresence));
      for (const report of [without, withPresence]) {
        expect(report.statuses).toEqual({ 200: report.sent });
        expect(report.errors).toEqual({});
      }
      // A wait for Redis would show as its time limits do, which are a second and more, in every request. The last
      // hundredth is the machine's, which runs other tests beside this: it is printed.
      expect(withPresence.latencyMs.p90).toBeLessThan(without.latencyMs.p90 + 500);
    }
  },
);

/** Compares whole answers again and again for this long. */
async function comparedFor(durationMs: number, bare: string, counting: string): Promise<void> {
  const endMs = performance.now() + durationMs;
  do {
    await expectSameAnswers(bare, counting);
  } while (performance.now() < endMs);
}

function line(name: string, phase: string, without: PhaseReport, withPresence: PhaseReport): string {
  const figures = ({ sent, latencyMs: { p50, p99, max } }: PhaseReport): string =>
    `${sent} answered, p50 ${p50} ms, p99 ${p99} ms, max ${max} ms`;
  return `${name}, ${phase}: bare ${figures(without)}; with presence ${figures(withPresence)}`;
}
