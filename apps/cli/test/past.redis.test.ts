import { startRedis, waitUntil } from "@presence/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startApi } from "./support/api.ts";
import { cli } from "./support/cli.ts";

const TOKEN = "4f1c7d0a9be25c3388d6f0a1b2c3d4e5";

const redis = await startRedis();
const api = await startApi({
  REDIS_URL: redis.url,
  // So short that the first or second sample is of a complete count.
  PRESENCE_WINDOW_SECONDS: "3",
  PRESENCE_TIME_ZONE: "Asia/Tokyo",
  PRESENCE_ADMIN_TOKENS: TOKEN,
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
  await redis.stop();
});

const ask = (...args: readonly string[]) =>
  cli([...args, "--url", api.url], { env: { PRESENCE_TOKEN: TOKEN } });
const answerOf = async (...args: readonly string[]) =>
  JSON.parse((await ask(...args, "--format", "json")).stdout);

beforeAll(async () => {
  // Samples are taken each ten seconds, and the window is short: somebody is online until there is one.
  await waitUntil(
    async () => {
      await api.visit("203.0.113.9", "203.0.113.10");
      return (await answerOf("peaks")).allTime?.count === 2;
    },
    { timeoutMs: 90_000, everyMs: 200, what: "a sample of both visitors" },
  );
});

describe("what a real API keeps", () => {
  it("is drawn as history", async () => {
    const { code, stdout, stderr } = await ask("history", "--since", "1h");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^site, the most online in each minute, .*\(Asia\/Tokyo\)/s);
    expect(stdout).toMatch(/█[·█ ]* +2\n.*peak 2 at \d\d:\d\d/);
    const { points } = await answerOf("history", "--since", "1h");
    expect(points.filter(({ max }: { max: number | null }) => max === 2)).not.toEqual([]);
    expect(points.filter(({ max }: { max: number | null }) => max === null).length).toBeGreaterThan(50);
  });

  it("has peaks, of which one can be begun anew", async () => {
    expect((await ask("peaks")).stdout).toMatch(/│ all time +│ +2 │/);
    const reset = await ask("peaks", "--reset", "allTime", "--reason", "a test", "--yes");
    expect(reset.code).toBe(0);
    expect(reset.stderr).toMatch(/all time: reset [\d :-]+, it was 2 before \(a test\)\n/);
    expect(await answerOf("peaks")).toMatchObject({
      last7Days: { count: 2 },
      resets: [{ scope: "allTime", reason: "a test", previous: { count: 2 } }],
    });
  });

  it("has distinct visitors, the same as its Redis tells", async () => {
    const ofApi = await answerOf("uniques", "--days", "3");
    expect(ofApi.days.map(({ visitors }: { visitors: number | null }) => visitors)).toContain(2);
    const { stdout } = await cli(["uniques", "--days", "3", "--format", "json"], {
      env: { REDIS_URL: redis.url, PRESENCE_TIME_ZONE: "Asia/Tokyo" },
    });
    expect(JSON.parse(stdout)).toEqual(ofApi);
  });

  it("has jobs, the same as its Redis tells", async () => {
    const ofApi = await answerOf("jobs");
    expect(ofApi.runner).toBe("in-process");
    const { stdout } = await cli(["jobs", "--format", "json"], { env: { REDIS_URL: redis.url } });
    const ofRedis = JSON.parse(stdout);
    const known = ({ name, schedule }: { name: string; schedule: string }) => ({ name, schedule });
    expect(ofRedis.runner).toBe("in-process");
    expect(ofRedis.jobs.map(known)).toEqual(ofApi.jobs.map(known));
    expect(ofApi.jobs.map(known)).toEqual([
      { name: "prune", schedule: "every minute" },
      { name: "retain", schedule: "every day" },
      { name: "sample", schedule: "every 10 seconds" },
    ]);
  });

  it("is refused step by step where a range has too many points, naming the coarser step", async () => {
    const { code, stderr } = await ask("history", "--since", "2d", "--step", "minute");
    expect(code).toBe(2);
    expect(stderr).toContain("take --step hour");
  });
});
