import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { cli } from "./support/cli.ts";
import { startRecording } from "./support/recording.ts";
import { startSetRedis } from "./support/set-redis.ts";

const redis = await startSetRedis();
afterAll(() => redis[Symbol.asyncDispose]());
beforeEach(() => redis.clear());

const prune = (...args: readonly string[]) => cli(["prune", ...args], { env: redis.env });
const left = (): Promise<string[]> => redis.client.zrange(redis.keyOf(), "0", "-1");

/** Two online, three expired, one from the future. */
const SOME = { here: 1, there: 10, gone: 90, "long-gone": 3_600, lost: 61, future: -600 };

describe("prune, of a Redis", () => {
  it("removes the expired and what is of the future, and says how many in how many steps", async () => {
    await redis.seen(SOME);
    const { code, stdout, stderr } = await prune("--batch", "2");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(
      /^Removed 4 expired visitors, 1 of them with a time in the future in \d+\.\d s, 2 batches, longest \d+\.\d ms\. 2 online\.\n$/,
    );
    expect(await left()).toEqual(["there", "here"]);
  });

  it("removes nothing on a dry run, and says what would go", async () => {
    await redis.seen(SOME);
    const { code, stdout } = await prune("--dry-run");
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: "Would remove 4 expired visitors, 1 of them with a time in the future. 2 online.\n",
    });
    expect(await left()).toHaveLength(6);
  });

  it("answers as JSON what the API would, and as plain how many were removed", async () => {
    await redis.seen(SOME);
    const dry = await prune("--dry-run", "--format", "json");
    expect(JSON.parse(dry.stdout)).toEqual({
      removed: 4,
      invalid: 1,
      remaining: 4,
      elapsedMs: expect.any(Number),
    });
    expect((await prune("--format", "plain")).stdout).toBe("4\n");
    expect(JSON.parse((await prune("--format", "json")).stdout)).toMatchObject({ removed: 0, remaining: 0 });
  });

  it("takes a longer time than the window without asking", async () => {
    await redis.seen(SOME);
    expect((await prune("--older-than", "600", "--format", "plain")).stdout).toBe("2\n");
    expect(await left()).toEqual(["gone", "lost", "there", "here"]);
  });

  it("prunes the channel named", async () => {
    await redis.seen(SOME, "page:/");
    expect((await prune("--format", "plain")).stdout).toBe("0\n");
    expect((await prune("--channel", "page:/", "--format", "plain")).stdout).toBe("4\n");
  });

  it("leaves alone who is online for a recorder with a longer window", async () => {
    await startRecording(redis, { windowSeconds: 120 });
    await redis.seen(SOME);
    expect((await prune("--format", "plain")).stdout).toBe("2\n");
  });

  it("does not remove who is online without being told so", async () => {
    await redis.seen(SOME);
    expect(await prune("--older-than", "5")).toEqual({
      code: 2,
      stdout: "",
      stderr:
        "presence-cli: --older-than 5 is below the window of 60 s: it removes who is online. Add --yes if that is meant.\n",
    });
    expect(await left()).toHaveLength(6);
  });

  it("removes who is online with --yes", async () => {
    await redis.seen(SOME);
    expect((await prune("--older-than", "5", "--yes", "--format", "plain")).stdout).toBe("5\n");
    expect(await left()).toEqual(["here"]);
  });

  it.each([
    ["y\n", 0, ["here"]],
    ["YES\n", 0, ["here"]],
    ["n\n", 1, ["there", "here"]],
    ["\n", 1, ["there", "here"]],
    ["", 1, ["there", "here"]],
    ["yes please\n", 1, ["there", "here"]],
  ])("asks on a terminal, and takes %j for an answer", async (input, code, remaining) => {
    await redis.seen({ here: 1, there: 10 });
    const ended = await cli(["prune", "--older-than", "5"], { env: redis.env, input, isTerminal: true });
    expect(ended.code).toBe(code);
    expect(ended.stderr).toContain(
      "below the window of 60 s: it removes who is online on site. Is that meant? [y/N] ",
    );
    if (code === 1) expect(ended.stderr).toMatch(/Nothing was removed\.\n$/);
    expect(await left()).toEqual(remaining);
  });

  it("asks nothing for a dry run", async () => {
    await redis.seen(SOME);
    const { code, stdout } = await prune("--older-than", "5", "--dry-run", "--format", "plain");
    expect({ code, stdout }).toEqual({ code: 0, stdout: "5\n" });
  });

  it.each([
    [["--batch", "0"], 'presence-cli: --batch must be a whole number from 1 to 1000, not "0".\n'],
    [["--batch", "5000"], 'presence-cli: --batch must be a whole number from 1 to 1000, not "5000".\n'],
    [
      ["--older-than", "0"],
      'presence-cli: --older-than must be a whole number from 1 to 31536000, not "0".\n',
    ],
    [
      ["--older-than", "1m"],
      'presence-cli: --older-than must be a whole number from 1 to 31536000, not "1m".\n',
    ],
  ])("refuses %j, naming the field", async (args, stderr) => {
    expect(await prune(...args)).toEqual({ code: 2, stdout: "", stderr });
  });
});
