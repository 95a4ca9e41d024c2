import { readdirSync, readlinkSync } from "node:fs";
import { startLoad, startRedis, type TestProcess, waitUntil } from "@presence/testkit";
import { expect, it } from "vitest";
import { startApiProgram } from "../support/programs.ts";

const CYCLES = 20;
const RATE_PER_SECOND = 500;
const VISITORS = 1_000;

/** How many there are of each kind. */
type Tally = Readonly<Record<string, number>>;

function tallyOf(kinds: readonly string[]): Tally {
  const tally: Record<string, number> = {};
  for (const kind of kinds.toSorted()) tally[kind] = (tally[kind] ?? 0) + 1;
  return tally;
}

/** What a process has open, by kind: `socket:`, `anon_inode:`, files by their path. */
function openFiles(pid: number): Tally {
  const folder = `/proc/${pid}/fd`;
  return tallyOf(readdirSync(folder).map((fd) => readlinkSync(`${folder}/${fd}`).replace(/:\[\d+\]$/, "")));
}

/** What keeps its event loop busy, by kind: `TCPSocketWrap`, `Timeout`, by the program's own word. */
async function resources(api: TestProcess): Promise<Tally> {
  const said = (): readonly string[] => api.stdout.match(/^resources .+$/gm) ?? [];
  const before = said().length;
  api.write("\n");
  const line = await waitUntil(() => said()[before], { timeoutMs: 30_000, what: "its resources" });
  return tallyOf(JSON.parse(line.slice("resources ".length)) as string[]);
}

/** Where `now` has more than `before`. */
function moreOf(now: Tally, before: Tally): Tally {
  const more = Object.entries(now).map(([kind, count]) => [kind, count - (before[kind] ?? 0)] as const);
  return Object.fromEntries(more.filter(([, count]) => count > 0));
}

it("20 kills and restarts of the store under traffic leave no file, connection or timer behind", async () => {
  await using redis = await startRedis();
  const { url, process: api } = await startApiProgram(
    { REDIS_URL: redis.url },
    { program: "test/support/resources-program.ts" },
  );
  const storeIs = async (state: "ok" | "degraded"): Promise<unknown> =>
    waitUntil(
      async () => {
        const ready = (await (await fetch(`${url}/ready`)).json()) as { readonly store: string };
        return ready.store === state;
      },
      { timeoutMs: 30_000, what: `a store that is ${state}` },
    );
  const loadOf = (durationMs?: number) =>
    startLoad({
      urls: [`${url}/mirror/`],
      ratePerSecond: RATE_PER_SECOND,
      visitors: VISITORS,
      order: "cycle",
      timeoutMs: 20_000,
      ...(durationMs === undefined ? {} : { durationMs }),
    });

  await storeIs("ok");
  await (
    await loadOf(2_000)
  ).done;
  const before = await atRest(api);

  await using load = await loadOf();
  const startedMs = performance.now();
  for (let cycle = 0; cycle < CYCLES; cycle += 1) {
    await redis.kill();
    await storeIs("degraded");
    await redis.restart();
    await storeIs("ok");
  }
  const tookMs = performance.now() - startedMs;
  const { phases } = await load.stop();
  for (const phase of phases) expect({ ...phase.statuses, ...phase.errors }).toEqual({ 204: phase.sent });
  // Connections that were given up are closed by and by.
  const after = await waitUntil(
    async () => {
      const now = await atRest(api);
      const more = { ...moreOf(now.files, before.files), ...moreOf(now.resources, before.resources) };
      return Object.keys(more).length === 0 && now;
    },
    { timeoutMs: 60_000, everyMs: 250, what: `no more than ${JSON.stringify(before)}` },
  ).catch(async (error: unknown) => {
    throw new Error(`left behind: ${JSON.stringify(await atRest(api))}`, { cause: error });
  });
  console.log(
    `${CYCLES} kills and restarts in ${(tookMs / 1_000).toFixed(0)} s at ${RATE_PER_SECOND} requests/s, ` +
      `${phases.reduce((sum, { sent }) => sum + sent, 0)} recorded, none failed: ` +
      `before ${JSON.stringify(before)}, after ${JSON.stringify(after)}`,
  );
  expect(moreOf(after.files, before.files)).toEqual({});
  expect(moreOf(after.resources, before.resources)).toEqual({});
});

async function atRest(api: TestProcess): Promise<{ readonly files: Tally; readonly resources: Tally }> {
  return { files: openFiles(api.pid), resources: await resources(api) };
}
