import { startLoad, startRedis, waitUntil } from "@presence/testkit";
import { expect, it } from "vitest";
import { startApiProgram } from "../support/programs.ts";

const VISITORS = 2_000;
const RATE_PER_SECOND = 1_000;
const LASTS_MS = 5_000;

it("NOSCRIPT: scripts that the store forgets all the time cost no visit and no count", async () => {
  await using redis = await startRedis();
  const { url } = await startApiProgram({ REDIS_URL: redis.url });
  const admin = redis.client();
  await using load = await startLoad({
    urls: [`${url}/mirror/`],
    ratePerSecond: RATE_PER_SECOND,
    visitors: VISITORS,
    order: "cycle",
    timeoutMs: 20_000,
  });
  const read = async () =>
    (await (await fetch(`${url}/v1/online`)).json()) as { readonly count?: number; readonly stale?: boolean };
  await waitUntil(async () => (await read()).count === VISITORS, { timeoutMs: 30_000 });
  const startedMs = performance.now();
  const counts: (number | undefined)[] = [];
  let flushes = 0;
  while (performance.now() - startedMs < LASTS_MS) {
    for (let i = 0; i < 20; i += 1) await admin.script("FLUSH", "SYNC");
    flushes += 20;
    counts.push((await read()).count);
  }
  const { phases } = await load.stop();
  const stats = await admin.info("errorstats");
  console.log(`NOSCRIPT: ${flushes} times SCRIPT FLUSH, ${counts.length} counts, ${stats.trim()}`);
  for (const phase of phases) expect({ ...phase.statuses, ...phase.errors }).toEqual({ 204: phase.sent });
  expect(new Set(counts)).toEqual(new Set([VISITORS]));
  expect(stats).not.toContain("NOSCRIPT");
});
