import { join } from "node:path";
import { redisForTests, startProcess, type TestProcess, type TestRedis, waitUntil } from "@presence/testkit";
import { describe, expect, it } from "vitest";
import type { JobsProgramOptions } from "./support/jobs-program.ts";

const PROGRAM = join(import.meta.dirname, "support/jobs-program.ts");

/** A minute as one second. */
const EVERY_SECOND: JobsProgramOptions = { everySeconds: 1, batch: 1_000 };
const SLOT_MS = 1_000;

/** Three API processes over one Redis, without MongoDB. */
async function startThree(redis: TestRedis, options: JobsProgramOptions): Promise<readonly TestProcess[]> {
  const args = ["--conditions=@presence/source", PROGRAM, JSON.stringify(options)];
  const env = {
    PORT: "0",
    REDIS_URL: redis.url,
    PRESENCE_KEY: redis.key,
  };
  return Promise.all([1, 2, 3].map(() => startProcess(process.execPath, args, { env, ready: /^started$/m })));
}

/** The slots that processes began or ended, each as often as it was. */
function slotsOf(word: "begin" | "end", processes: readonly TestProcess[]): readonly number[] {
  return processes.flatMap(({ stdout }) =>
    [...stdout.matchAll(new RegExp(`^${word} (\\d+)$`, "gm"))].map(([, slot]) => Number(slot)),
  );
}

/** How often each of `number` slots from `firstMs` on is among `slots`. */
function timesOf(slots: readonly number[], firstMs: number, number: number): readonly number[] {
  return Array.from(
    { length: number },
    (_, index) => slots.filter((slotMs) => slotMs === firstMs + index * SLOT_MS).length,
  );
}

describe.concurrent("three API processes on Redis", () => {
  it("prune once in each slot: in ten slots at least nine and at most ten times", async () => {
    await using redis = await redisForTests();
    const three = await startThree(redis, EVERY_SECOND);
    const [begunMs = 0] = await waitUntil(() => {
      const slots = slotsOf("begin", three);
      return slots.length > 0 ? slots : null;
    });
    const firstMs = begunMs + SLOT_MS;
    await waitUntil(() => slotsOf("begin", three).some((slotMs) => slotMs >= firstMs + 10 * SLOT_MS), {
      timeoutMs: 25_000,
    });
    await Promise.all(three.map((each) => each.stop()));
    const times = timesOf(slotsOf("end", three), firstMs, 10);
    console.log(`prunes in ten slots of three processes: ${times.join(" ")}`);
    expect(Math.max(...times)).toBe(1);
    expect(times.filter((number) => number === 1).length).toBeGreaterThanOrEqual(9);
  });

  it("lose at most the slot of the one that is killed in mid-run", async () => {
    await using redis = await redisForTests();
    await fillWithExpired(redis, 20_000);
    const three = await startThree(redis, { ...EVERY_SECOND, batch: 5 });
    const victim = await waitUntil(() => three.find(({ stdout }) => /begin \d+\n$/.test(stdout)), {
      everyMs: 1,
    });
    await victim.kill();
    // What is left would hold up the others for longer than a slot.
    await redis.client().del(redis.key);
    const lostMs = slotsOf("begin", [victim]).at(-1) ?? 0;
    expect(slotsOf("end", [victim])).not.toContain(lostMs);
    const others = three.filter((each) => each !== victim);
    await waitUntil(() => slotsOf("begin", others).some((slotMs) => slotMs >= lostMs + 4 * SLOT_MS), {
      timeoutMs: 25_000,
    });
    console.log(`slots begun after the kill: ${timesOf(slotsOf("begin", others), lostMs, 5).join(" ")}`);
    expect(timesOf(slotsOf("begin", others), lostMs + SLOT_MS, 4)).toEqual([1, 1, 1, 1]);
    await fillWithExpired(redis, 1_000);
    await waitUntil(async () => (await redis.client().zcard(redis.key)) === 0, { timeoutMs: 25_000 });
    await Promise.all(others.map((each) => each.stop()));
  });
});

async function fillWithExpired(redis: TestRedis, visitors: number): Promise<void> {
  const longAgo = Math.floor(Date.now() / 1_000) - 600;
  for (let first = 0; first < visitors; first += 1_000) {
    const members = Array.from({ length: 1_000 }, (_, index) => [longAgo, `v${first + index}`]).flat();
    await redis.client().zadd(redis.key, ...members);
  }
}
