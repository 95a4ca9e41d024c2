import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { cli } from "./support/cli.ts";
import { startRecording } from "./support/recording.ts";
import { startSetRedis } from "./support/set-redis.ts";

const redis = await startSetRedis();
afterAll(() => redis[Symbol.asyncDispose]());
beforeEach(() => redis.clear());

const count = (...args: readonly string[]) => cli(["count", ...args], { env: redis.env });

describe("count, of a Redis", () => {
  it("says the number, its window, its time and who answered", async () => {
    await redis.seen({ "203.0.113.9": 1, "203.0.113.10": 30, "203.0.113.11": 61 });
    const { code, stdout } = await count();
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^2 online on site\nlast seen within 60 s, as of \d\d:\d\d:\d\d \(redis 127\.0\.0\.1:\d+, \d+ ms ago\)\n$/,
    );
  });

  it("sets thousands apart for people, not for programs", async () => {
    const visitors = Array.from({ length: 1_284 }, (_, index) => [`v${index}`, 1] as const);
    await redis.seen(Object.fromEntries(visitors));
    expect((await count()).stdout).toMatch(/^1,284 online on site\n/);
    expect((await count("--format", "plain")).stdout).toBe("1284\n");
  });

  it("prints the number alone as plain, and says on stderr that it may be too low", async () => {
    await redis.seen({ "203.0.113.9": 1 });
    expect(await count("--format", "plain")).toEqual({
      code: 0,
      stdout: "1\n",
      stderr: "incomplete: nobody records there just now, so the number may be too low\n",
    });
  });

  it("answers as JSON what the API would, and leaves stderr alone", async () => {
    await redis.seen({ "203.0.113.9": 1 });
    const { code, stdout, stderr } = await count("--format", "json");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(JSON.parse(stdout)).toEqual({
      channel: "site",
      count: 1,
      windowSeconds: 60,
      asOf: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      since: null,
      complete: false,
      stale: false,
      ageMs: expect.any(Number),
    });
  });

  it("counts over a shorter window where asked", async () => {
    await redis.seen({ "203.0.113.9": 0, "203.0.113.10": 40 });
    expect((await count("--window", "20", "--format", "plain")).stdout).toBe("1\n");
  });

  it("counts a channel of its own", async () => {
    await redis.seen({ "203.0.113.9": 1 }, "page:/pricing");
    expect((await count("--channel", "page:/pricing")).stdout).toMatch(/^1 online on page:\/pricing\n/);
    expect((await count("--format", "plain")).stdout).toBe("0\n");
  });

  it("counts bots apart where asked", async () => {
    await redis.seen({ "203.0.113.9": 1 });
    await redis.seen({ "66.249.66.1": 1, "66.249.66.2": 1 }, "bots:site");
    expect((await count("--bots")).stdout).toMatch(/^1 online on site, and 2 bots\n/);
    expect(JSON.parse((await count("--bots", "--format", "json")).stdout)).toMatchObject({
      count: 1,
      bots: 2,
    });
  });

  it("takes window and shards from those who record there", async () => {
    const recording = await startRecording(redis, { windowSeconds: 120, shards: 4 });
    recording.presence.record("203.0.113.9", { atMs: recording.store.nowMs() - 90_000 });
    await recording.presence.flush();
    expect((await count()).stdout).toMatch(/^1 online on site\nlast seen within 120 s/);
  });

  it("says that recording has just begun", async () => {
    await startRecording(redis, {});
    const { stderr } = await count("--format", "plain");
    expect(stderr).toMatch(
      /^incomplete: recording began [\d.]+ s ago, less than the window, so the number may be too low\n$/,
    );
  });

  it("has nothing to add once recording ran for a whole window", async () => {
    await startRecording(redis, {});
    await expect
      .poll(() => count("--window", "1", "--format", "plain"), { timeout: 10_000 })
      .toEqual({ code: 0, stdout: "0\n", stderr: "" });
  });

  it("says where the environment and those who record are at odds", async () => {
    await startRecording(redis, { windowSeconds: 120 });
    const env = { ...redis.env, PRESENCE_WINDOW_SECONDS: "60", PRESENCE_IDENTITY: "hashed" };
    const { stderr } = await cli(["count"], { env });
    expect(stderr).toContain(
      "PRESENCE_WINDOW_SECONDS is 60 here, but a process that records uses 120: set the same, or leave it out.\n" +
        "PRESENCE_IDENTITY is hashed here, but a process that records uses ip: set the same, or leave it out.\n",
    );
  });

  it.each([
    [["--window", "0"], 'presence-cli: --window must be a whole number from 1 to 86400, not "0".\n'],
    [["--window", "1.5"], 'presence-cli: --window must be a whole number from 1 to 86400, not "1.5".\n'],
    [["--window", "61"], "presence-cli: Window must be a whole number from 1 to 60 seconds, not 61.\n"],
    [
      ["--channel", "two words"],
      "presence-cli: Channel must be 1 to 128 of a-z 0-9 _ . ~ / : % - and begin with a letter or digit.\n",
    ],
    [["--format", "xml"], 'presence-cli: --format must be table, json or plain, not "xml".\n'],
    [["--key", "a key"], "presence-cli: --key (or PRESENCE_KEY) must be 1 to 64 of A-Z a-z 0-9 _ . : -.\n"],
    [
      ["--token", "t"],
      "presence-cli: --token is for an API, and a Redis is asked here: name the API with --url.\n",
    ],
  ])("refuses %j, naming the field", async (args, stderr) => {
    expect(await count(...args)).toEqual({ code: 2, stdout: "", stderr });
  });
});
