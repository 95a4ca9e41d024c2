import { startFaultProxy, type TestProcess, waitUntil } from "@presence/testkit";
import { describe, expect, it } from "vitest";
import {
  endedRuns,
  MINUTE_MS,
  mostAtOnce,
  promisedMs,
  startWorld,
  TIMES,
  type World,
} from "./support/world.ts";

const VISITORS = 100_000;
/** Few at a time, so that a prune takes seconds. */
const SLOWLY = { ...TIMES, batch: 10 };

// Times are a tenth of the real ones (a minute is 6 s, the lock's 30 s are 3 s), or the real ones in full length.
describe.concurrent("a scheduler in trouble", { timeout: 20 * MINUTE_MS + 60_000 }, () => {
  it("is killed in mid-prune, and one started after it prunes within two minutes", async () => {
    await using world = await startWorld();
    await world.fillWithExpired(VISITORS);
    const first = await world.program(SLOWLY);
    await midPrune(world);
    await first.kill();
    const killedMs = Date.now();
    expect(await world.lastSuccessMs()).toBe(0);
    await world.program();
    await waitUntil(async () => (await world.lastSuccessMs()) > killedMs, { timeoutMs: promisedMs(2) });
    report("killed in mid-prune: the next one that succeeded", Date.now() - killedMs);
    expect(await world.members()).toBe(0);
  });

  it("is killed in mid-prune, and another one beside it prunes within two minutes", async () => {
    await using world = await startWorld();
    await world.fillWithExpired(VISITORS);
    const [one, other] = await Promise.all([world.program(SLOWLY), world.program(SLOWLY)]);
    const holder = await midPrune(world);
    const victim = holder.includes(`:${one.pid}:`) ? one : other;
    expect(holder).toContain(`:${victim.pid}:`);
    await victim.kill();
    const killedMs = Date.now();
    await waitUntil(async () => (await world.lastSuccessMs()) > killedMs, { timeoutMs: promisedMs(2) });
    report("killed in mid-prune beside another: the next one that succeeded", Date.now() - killedMs);
    expect(await world.members()).toBe(0);
  });

  it.for([
    {
      away: "killed",
      leave: ({ mongo }: World) => mongo.kill(),
      comeBack: ({ mongo }: World) => mongo.restart(),
    },
    {
      away: "frozen",
      leave: ({ mongo }: World) => mongo.pause(),
      comeBack: ({ mongo }: World) => mongo.resume(),
    },
  ])(
    "lives while MongoDB is $away for two minutes, and prunes within one of its return",
    async ({ away, leave, comeBack }) => {
      await using world = await startWorld();
      const scheduler = await world.program();
      await waitUntil(() => endedRuns(scheduler) > 0, { timeoutMs: promisedMs(2) });
      await leave(world);
      const leftMs = performance.now();
      await waitUntil(() => performance.now() - leftMs > 2 * MINUTE_MS, { timeoutMs: promisedMs(3) });
      expect(scheduler.isRunning).toBe(true);
      expect(scheduler.stdout).toContain("MongoDB is lost");
      await world.fillWithExpired(1_000);
      const backMs = performance.now();
      await comeBack(world);
      await waitUntil(async () => (await world.members()) === 0, { timeoutMs: promisedMs(1) });
      report(`MongoDB ${away} for two minutes: prune after its return`, performance.now() - backMs);
      const runs = endedRuns(scheduler);
      await waitUntil(() => endedRuns(scheduler) > runs, { timeoutMs: promisedMs(2), what: "the next slot" });
      expect(mostAtOnce(scheduler)).toBe(1);
      expect(scheduler.isRunning).toBe(true);
    },
  );

  it.for([
    {
      point: "before it takes the lock of a run",
      options: TIMES,
      until: (scheduler: TestProcess) =>
        waitUntil(() => endedRuns(scheduler) > 0, { timeoutMs: promisedMs(2), what: "a run that ended" }),
      hasRun: false,
    },
    {
      point: "in the middle of a run",
      options: SLOWLY,
      until: (_: TestProcess, world: World) => midPrune(world),
      hasRun: true,
    },
    {
      point: "before the result of a run is written",
      options: { ...TIMES, holdsEnd: true },
      until: (scheduler: TestProcess) =>
        waitUntil(() => scheduler.stdout.includes("done prune"), {
          timeoutMs: promisedMs(2),
          what: "a run that is done",
        }),
      hasRun: true,
    },
  ])(
    "loses MongoDB $point, and runs the job once at a time after its return",
    async ({ options, until, hasRun }) => {
      await using world = await startWorld();
      if (hasRun) await world.fillWithExpired(VISITORS);
      const scheduler = await world.program(options);
      await until(scheduler, world);
      const runs = endedRuns(scheduler);
      await world.mongo.kill();
      if (!hasRun) {
        const lostMs = performance.now();
        await waitUntil(() => scheduler.stdout.includes("MongoDB is lost"), { timeoutMs: promisedMs(2) });
        // A slot begins meanwhile.
        await waitUntil(() => performance.now() - lostMs > MINUTE_MS, { timeoutMs: promisedMs(2) });
      } else {
        scheduler.write("\n");
        await waitUntil(() => endedRuns(scheduler) > runs, {
          timeoutMs: promisedMs(3),
          what: "the end of the run",
        });
      }
      const backMs = performance.now();
      await world.mongo.restart();
      await world.fillWithExpired(1_000);
      const told = setInterval(() => scheduler.write("\n"), 100);
      try {
        await waitUntil(async () => (await world.members()) === 0, {
          timeoutMs: promisedMs(5),
          what: "the next prune",
        });
        report("MongoDB back, the next prune", performance.now() - backMs);
        const now = endedRuns(scheduler);
        await waitUntil(() => endedRuns(scheduler) > now, {
          timeoutMs: promisedMs(3),
          what: "the slot after",
        });
      } finally {
        clearInterval(told);
      }
      expect(mostAtOnce(scheduler)).toBe(1);
      expect(scheduler.isRunning).toBe(true);
      expect(await world.lastRun("prune")).toMatchObject({ ok: true });
      await world.documents(async (documents) => {
        expect(await documents.countDocuments({ name: "prune" })).toBe(1);
      });
    },
  );

  it.for(["reset", "blackhole", { latencyMs: 2_000 }] as const)(
    "ends the prune it is in when MongoDB meets %j, runs it once at a time, and goes on after",
    async (fault) => {
      await using world = await startWorld();
      const { port } = world.mongo;
      await using proxy = await startFaultProxy({ targetPort: port });
      await world.fillWithExpired(VISITORS);
      const scheduler = await world.program(SLOWLY, world.mongoUrl.replace(`:${port}`, `:${proxy.port}`));
      await midPrune(world);
      await proxy.mode(fault);
      const runs = endedRuns(scheduler);
      await waitUntil(() => endedRuns(scheduler) > runs, {
        timeoutMs: promisedMs(3),
        what: "the end of the run",
      });
      await proxy.mode("pass");
      await waitUntil(() => endedRuns(scheduler) > runs + 1, {
        timeoutMs: promisedMs(5),
        what: "the next run",
      });
      await waitUntil(async () => (await world.members()) === 0, { timeoutMs: promisedMs(3) });
      expect(mostAtOnce(scheduler)).toBe(1);
      expect(scheduler.isRunning).toBe(true);
      await world.documents(async (documents) => {
        expect(await documents.countDocuments({ name: "prune" })).toBe(1);
      });
    },
  );
});

/** Waits until some have been removed and more remain, and answers who holds the lock. */
async function midPrune(world: World): Promise<string> {
  await waitUntil(
    async () => {
      const left = await world.members();
      return left > 0 && left < VISITORS;
    },
    { timeoutMs: promisedMs(2), everyMs: 5, what: "the middle of a prune" },
  );
  return world.documents(async (documents) =>
    waitUntil(
      async () => (await documents.findOne({ name: "prune", lockedAt: { $ne: null } }))?.lastModifiedBy,
    ),
  );
}

function report(what: string, ms: number): void {
  process.stdout.write(`${what} after ${Math.round(ms)} ms, where a minute takes ${MINUTE_MS} ms\n`);
}
