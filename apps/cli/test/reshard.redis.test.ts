import { waitUntil } from "@presence/testkit";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { cli, startCli } from "./support/cli.ts";
import { startRecording } from "./support/recording.ts";
import { startSetRedis } from "./support/set-redis.ts";

const redis = await startSetRedis();
const { env } = redis;
afterAll(() => redis[Symbol.asyncDispose]());
beforeEach(() => redis.clear());

describe("reshard", () => {
  it("shows how visitors are spread, begins a change, shows it and takes it back", async () => {
    await startRecording(redis, { shards: 4 });
    expect(await cli(["reshard"], { env })).toMatchObject({
      code: 0,
      stdout: "Visitors are spread over 4 sets. Start processes with PRESENCE_SHARDS=4.\n",
    });
    const begun = await cli(["reshard", "16", "--detach", "--format", "json"], { env });
    expect(JSON.parse(begun.stdout)).toMatchObject({ shards: 4, next: 16, movesAt: null, writers: 1 });
    expect((await cli(["reshard"], { env })).stdout).toMatch(/^From 4 sets to 16: /);
    expect(await cli(["reshard", "--cancel"], { env })).toMatchObject({
      code: 0,
      stdout: "Visitors are spread over 4 sets. Start processes with PRESENCE_SHARDS=4.\n",
    });
  });

  it("tells of each step until it is told to end, and the change goes on without it", async () => {
    await startRecording(redis, { windowSeconds: 1 });
    await using following = await startCli(["reshard", "2"], { env });
    await waitUntil(() => following.stderr.includes("all write to both, reads move at "), {
      timeoutMs: 20_000,
      what: "the writers' acknowledgement",
    });
    await following.stop();
    expect(following.stderr).toContain("The change goes on by itself");
    expect((await following.exited).code).toBe(0);
    expect((await cli(["reshard"], { env })).stdout).toMatch(/^From 1 set to 2: all write to both/);
    expect((await cli(["reshard", "--cancel"], { env })).code).toBe(0);
  });

  it.each([
    { args: ["reshard", "65"], says: "shards must be a whole number from 1 to 64" },
    { args: ["reshard", "many"], says: "shards must be a whole number from 1 to 64" },
    { args: ["reshard", "4", "--cancel"], says: "--cancel takes no number" },
    { args: ["reshard", "4", "--url", "http://localhost:1"], says: "name it with --redis-url or REDIS_URL" },
  ])("refuses $args", async ({ args, says }) => {
    const ended = await cli(args, { env: args.includes("--url") ? {} : env });
    expect(ended).toMatchObject({ code: 2, stdout: "" });
    expect(ended.stderr).toContain(says);
  });

  it("is refused where nobody records, and where a change is under way", async () => {
    const nobody = await cli(["reshard", "4"], { env });
    expect(nobody).toMatchObject({ code: 2 });
    expect(nobody.stderr).toContain("PRESENCE_SHARDS");
    await startRecording(redis, {});
    expect((await cli(["reshard", "4", "--detach"], { env })).code).toBe(0);
    const twice = await cli(["reshard", "8"], { env });
    expect(twice.code).toBe(2);
    expect(twice.stderr).toContain("A change from 1 to 4 is under way");
    expect((await cli(["reshard", "--cancel"], { env })).code).toBe(0);
    expect((await cli(["reshard", "--cancel"], { env })).stderr).toContain("No change is under way");
  });
});
