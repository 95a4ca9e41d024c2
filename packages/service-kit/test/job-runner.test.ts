import { describe, expect, it, vi } from "vitest";
import { createMemoryJobBoard, type JobBoard } from "@presence/core";
import { startJobRunner, type JobRunner, type ScheduledJob } from "@presence/service-kit";

const logger = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };

/** A clock whose timers fire only when it is moved. */
function manualTimers(startMs: number) {
  let now = startMs;
  const timers = new Map<() => void, number>();
  return {
    nowMs: () => now,
    schedule: (action: () => void, delayMs: number) => {
      timers.set(action, now + delayMs);
      return () => void timers.delete(action);
    },
    /** Moves to `ms` and fires what is due by then, once. */
    async moveTo(ms: number): Promise<void> {
      now = ms;
      for (const [action, dueMs] of [...timers]) {
        if (dueMs > now) continue;
        timers.delete(action);
        action();
      }
      await new Promise((resolve) => setImmediate(resolve));
    },
    pending: () => timers.size,
  };
}

function start(
  timers: ReturnType<typeof manualTimers>,
  job: ScheduledJob,
  board: Pick<JobBoard, "claim" | "saveRun"> = createMemoryJobBoard(),
): JobRunner {
  return startJobRunner({ jobs: [job], ...timers, board, by: "test", logger });
}

describe("startJobRunner", () => {
  it("runs a job at whole multiples of its interval, whenever it was started", async () => {
    const timers = manualTimers(90_500);
    const slots: number[] = [];
    const runner = start(timers, {
      name: "prune",
      everySeconds: 60,
      run: async (slotMs) => slots.push(slotMs),
    });
    expect(runner.status()[0]?.nextSlotMs).toBe(120_000);
    await timers.moveTo(119_999);
    expect(slots).toEqual([]);
    await timers.moveTo(120_000);
    await timers.moveTo(180_003);
    expect(slots).toEqual([120_000, 180_000]);
    await runner.close();
  });

  it("runs one slot, not all of them, after the machine slept", async () => {
    const timers = manualTimers(0);
    const slots: number[] = [];
    const runner = start(timers, {
      name: "prune",
      everySeconds: 60,
      run: async (slotMs) => slots.push(slotMs),
    });
    await timers.moveTo(3_600_500);
    await timers.moveTo(3_660_000);
    expect(slots).toEqual([3_600_000, 3_660_000]);
    await runner.close();
  });

  it("makes up at start for the slot under way where the job catches up, once for all processes", async () => {
    const timers = manualTimers(100_000);
    const board = createMemoryJobBoard();
    const slots: number[] = [];
    const job: ScheduledJob = {
      name: "retain",
      everySeconds: 60,
      catchesUp: true,
      run: async (slotMs) => slots.push(slotMs),
    };
    const a = start(timers, job, board);
    const b = start(timers, job, board);
    await timers.moveTo(110_000);
    expect(slots).toEqual([60_000]);
    await timers.moveTo(120_000);
    expect(slots).toEqual([60_000, 120_000]);
    await Promise.all([a.close(), b.close()]);
  });

  it("says once that a job fails, and once that it succeeds again", async () => {
    const timers = manualTimers(0);
    const told = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
    const run = vi
      .fn<() => Promise<unknown>>()
      .mockRejectedValueOnce(new Error("away"))
      .mockRejectedValueOnce(new Error("away"))
      .mockResolvedValue(null);
    const job = { name: "sample", everySeconds: 10, run };
    const board = createMemoryJobBoard();
    const runner = startJobRunner({ jobs: [job], ...timers, board, by: "test", logger: told });
    for (let slotMs = 10_000; slotMs <= 50_000; slotMs += 10_000) await timers.moveTo(slotMs);
    expect(told.error).toHaveBeenCalledTimes(1);
    expect(told.info).toHaveBeenCalledExactlyOnceWith(
      { job: "sample", slotMs: 30_000 },
      "job succeeds again",
    );
    await runner.close();
  });

  it("gives a slot to one of two processes", async () => {
    const timers = manualTimers(0);
    const board = createMemoryJobBoard();
    const ran: string[] = [];
    const a = start(
      timers,
      { name: "prune", everySeconds: 10, run: async (slot) => ran.push(`a${slot}`) },
      board,
    );
    const b = start(
      timers,
      { name: "prune", everySeconds: 10, run: async (slot) => ran.push(`b${slot}`) },
      board,
    );
    await timers.moveTo(10_000);
    await timers.moveTo(20_000);
    expect(ran).toEqual(["a10000", "a20000"]);
    await Promise.all([a.close(), b.close()]);
  });

  it("misses a slot rather than running a job beside itself", async () => {
    const timers = manualTimers(0);
    const { promise, resolve } = Promise.withResolvers<string>();
    const run = vi.fn(() => promise);
    const runner = start(timers, { name: "slow", everySeconds: 10, run });
    await timers.moveTo(10_000);
    await timers.moveTo(20_000);
    expect(run).toHaveBeenCalledTimes(1);
    resolve("done");
    await timers.moveTo(20_001);
    await timers.moveTo(30_000);
    expect(run).toHaveBeenCalledTimes(2);
    await runner.close();
  });

  it("keeps each run on the board, with its result or its error and who ran it", async () => {
    const timers = manualTimers(0);
    const board = createMemoryJobBoard();
    const run = vi
      .fn<() => Promise<unknown>>()
      .mockResolvedValueOnce({ removed: 3 })
      .mockRejectedValueOnce(new Error("store away"));
    const told: unknown[] = [];
    const runner = startJobRunner({
      jobs: [{ name: "prune", everySeconds: 60, run }],
      ...timers,
      board,
      by: "api-1",
      logger,
      onRun: ({ job, ok }) => told.push([job, ok]),
    });
    await timers.moveTo(60_000);
    expect(await board.runs()).toMatchObject([
      { job: "prune", by: "api-1", atMs: 60_000, ok: true, result: { removed: 3 }, lastSuccessMs: 60_000 },
    ]);
    await timers.moveTo(120_000);
    expect(await board.runs()).toMatchObject([
      { job: "prune", atMs: 120_000, ok: false, result: "store away", lastSuccessMs: 60_000 },
    ]);
    expect(told).toEqual([
      ["prune", true],
      ["prune", false],
    ]);
    await runner.close();
  });

  it("misses a slot it cannot claim and runs the next one, kept or not", async () => {
    const timers = manualTimers(0);
    const run = vi.fn(async () => {});
    const claim = vi
      .fn<() => Promise<boolean>>()
      .mockRejectedValueOnce(new Error("away"))
      .mockResolvedValue(true);
    const saveRun = vi.fn<() => Promise<void>>().mockRejectedValue(new Error("away"));
    const runner = start(timers, { name: "prune", everySeconds: 60, run }, { claim, saveRun });
    await timers.moveTo(60_000);
    expect(run).not.toHaveBeenCalled();
    await timers.moveTo(120_000);
    await timers.moveTo(180_000);
    expect(run).toHaveBeenCalledTimes(2);
    await runner.close();
  });

  it("aborts what runs, waits for it and leaves no timer when closed", async () => {
    const timers = manualTimers(0);
    const board = createMemoryJobBoard();
    const long: ScheduledJob = {
      name: "long",
      everySeconds: 10,
      run: (_slot, signal) =>
        new Promise((resolve) => signal.addEventListener("abort", () => resolve("stopped"))),
    };
    const runner = start(timers, long, board);
    await timers.moveTo(10_000);
    await runner.close();
    await runner.close();
    expect(timers.pending()).toBe(0);
    expect(await board.runs()).toMatchObject([{ result: "stopped" }]);
  });
});
