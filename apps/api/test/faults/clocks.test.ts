import { startLoad, startRedis, waitUntil } from "@presence/testkit";
import { expect, it } from "vitest";
import { startApiProgram } from "../support/programs.ts";

const OFF_MS = [0, 30_000, -30_000] as const;
const VISITORS = 300;

/** Shorter than the clocks are off: a wrong time would put visitors out of the window, or into the future. */
const WINDOW_SECONDS = 8;

/** How far the clocks of a machine that stalls may seem apart, in milliseconds. */
const SEEMS_OFF_MS = 5_000;
const STARTS_MS = 15_000;

/** Lets a process of Node believe that it is so much later. */
function clockOff(ms: number): string {
  const program = `const now = Date.now; Date.now = () => now() + ${ms};`;
  return `--import=data:text/javascript,${encodeURIComponent(program)}`;
}

it("a process 30 s ahead of the store's clock and one 30 s behind count like one that is right", async () => {
  await using redis = await startRedis();
  const env = { REDIS_URL: redis.url, PRESENCE_WINDOW_SECONDS: String(WINDOW_SECONDS) };
  const programs = await Promise.all(
    OFF_MS.map((ms) => startApiProgram({ ...env, NODE_OPTIONS: clockOff(ms) })),
  );
  const apis = programs.map(({ url }) => url);
  // Their clocks are off indeed, by the times in their own logs.
  for (const [index, { process: api }] of programs.entries()) {
    const loggedMs = Date.parse(/"time":"([^"]+)"/.exec(api.stdout)?.[1] ?? "");
    expect(Math.abs(loggedMs - Date.now() - (OFF_MS[index] ?? 0))).toBeLessThan(STARTS_MS);
  }
  await using load = await startLoad({
    urls: apis.map((url) => `${url}/mirror/`),
    ratePerSecond: 300,
    visitors: VISITORS,
    order: "cycle",
    timeoutMs: 20_000,
  });
  const readAll = () =>
    Promise.all(
      apis.map(async (url) => {
        const { count, asOf, complete } = (await (await fetch(`${url}/v1/online`)).json()) as {
          readonly count: number;
          readonly asOf: string;
          readonly complete: boolean;
        };
        return { count, complete, offMs: Math.abs(Date.parse(asOf) - Date.now()) };
      }),
    );
  const answers = await waitUntil(
    async () => {
      const all = await readAll();
      return all.every(({ count, complete }) => count === VISITORS && complete) && all;
    },
    { timeoutMs: 60_000, what: "a whole window with everybody in it" },
  );
  await load.stop();
  const [, latest] = await redis.client().zrevrange("onlines", 0, 0, "WITHSCORES");
  console.log(
    `clocks off by ${OFF_MS.join(", ")} ms: counts ${answers.map(({ count }) => count).join(", ")} as of ${answers.map(({ offMs }) => offMs).join(", ")} ms from the store's clock`,
  );
  for (const { offMs } of answers) expect(offMs).toBeLessThan(SEEMS_OFF_MS);
  expect(Math.abs(Number(latest) * 1_000 - Date.now())).toBeLessThan(SEEMS_OFF_MS);
  const isEmpty = async () => (await readAll()).every(({ count }) => count === 0);
  expect(await waitUntil(isEmpty, { timeoutMs: 60_000, what: "nobody left" })).toBe(true);
});
