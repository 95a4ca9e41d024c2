import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { cli } from "./support/cli.ts";
import { startSetRedis } from "./support/set-redis.ts";

const redis = await startSetRedis();
afterAll(() => redis[Symbol.asyncDispose]());
beforeEach(() => redis.clear());

const countBots = (env = {}) => cli(["count", "--bots"], { env: { ...redis.env, ...env } });

describe("count --bots, of a Redis", () => {
  it("claims no 0 bots where nobody counts them apart, and says how to", async () => {
    await redis.seen({ "203.0.113.9": 1 });
    const { stdout, stderr } = await countBots();
    expect(stdout).toMatch(/^1 online on site\n/);
    expect(stderr).toContain("Bots are not counted apart there: PRESENCE_BOTS=separate does it.\n");
  });

  it("says 0 where they are counted apart and none is online", async () => {
    await redis.seen({ "203.0.113.9": 1 });
    await redis.seen({ "66.249.66.1": 90 }, "bots:site");
    expect((await countBots()).stdout).toMatch(/^1 online on site, and 0 bots\n/);
  });

  it("says 0 where the environment says that they are", async () => {
    expect((await countBots({ PRESENCE_BOTS: "separate" })).stdout).toMatch(
      /^0 online on site, and 0 bots\n/,
    );
  });
});
