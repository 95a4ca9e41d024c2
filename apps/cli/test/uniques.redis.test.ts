import { createPresence } from "@presence/core";
import { connectRedisStore } from "@presence/core/redis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cli } from "./support/cli.ts";
import { startContractServer } from "./support/contract-server.ts";
import { startSetRedis } from "./support/set-redis.ts";

const redis = await startSetRedis();
afterAll(() => redis[Symbol.asyncDispose]());

const uniques = (args: readonly string[] = [], env = {}) =>
  cli(["uniques", ...args], { env: { ...redis.env, ...env } });

/** The day of the server's clock in UTC, so many days ago. */
const day = async (daysAgo = 0): Promise<string> =>
  new Date(((await redis.nowSeconds()) - daysAgo * 86_400) * 1_000).toISOString().slice(0, 10);

beforeAll(async () => {
  const store = connectRedisStore({ url: redis.url, key: redis.env.PRESENCE_KEY });
  await store.whenReady(10_000);
  const today = await day();
  const presence = createPresence({ store, uniquesDay: (channel) => (channel === "site" ? today : null) });
  for (let visitor = 0; visitor < 300; visitor++) presence.record(`v${visitor}`);
  presence.record("v1");
  presence.record("elsewhere", { channel: "page:/" });
  await presence.close();
  await store.close();
});

describe("uniques, of a Redis", () => {
  it("shows each day, with its error and what nobody counted", async () => {
    const { code, stdout, stderr } = await uniques(["--days", "2"]);
    expect(code).toBe(0);
    const rows = stdout.split("\n").filter((line) => /^│ \d/.test(line));
    expect(rows[0]).toMatch(new RegExp(`^│ ${await day(1)} │ +- │ +│$`));
    const [, count = ""] = new RegExp(`^│ ${await day()} │ +(\\d+) │ █{32} │$`).exec(rows[1] ?? "") ?? [];
    expect(Math.abs(Number(count) - 300)).toBeLessThan(300 * 3 * 0.0081 + 1);
    expect(stderr).toBe(
      "Different visitors of site, each within 0.81 %; days of UTC, the last one so far. -: nobody counted.\n",
    );
  });

  it("answers seven days as the API does, as JSON, days of the time zone", async () => {
    const answer = JSON.parse(
      (await uniques(["--format", "json"], { PRESENCE_TIME_ZONE: "Asia/Tokyo" })).stdout,
    );
    expect(answer).toMatchObject({ channel: "site", timeZone: "Asia/Tokyo", errorPercent: 0.81 });
    expect(answer.days).toHaveLength(7);
    expect(answer.days[0].visitors).toBeNull();
  });

  it("leaves the cell of an unknown day empty as CSV, never 0", async () => {
    const { stdout } = await uniques(["--days", "2", "--format", "csv"]);
    expect(stdout).toMatch(/^day,visitors\n\d{4}-\d\d-\d\d,\n\d{4}-\d\d-\d\d,\d+\n$/);
  });

  it("says which channels are counted so, of one that is not", async () => {
    expect(await uniques(["--channel", "page:/"])).toEqual({
      code: 0,
      stdout: "",
      stderr:
        "No different visitors of page:/ are known: those of the channels in PRESENCE_HISTORY_CHANNELS are counted.\n",
    });
  });

  it.each([
    [["--days", "0"], {}, '--days must be a whole number from 1 to 400, not "0".'],
    [["--days", "401"], {}, '--days must be a whole number from 1 to 400, not "401".'],
    [
      [],
      { PRESENCE_TIME_ZONE: "Mars" },
      'PRESENCE_TIME_ZONE must be an IANA name such as Europe/Berlin, not "Mars".',
    ],
  ])("refuses %j with %j with 2, naming the field and the remedy", async (args, env, message) => {
    expect(await uniques(args, env)).toEqual({ code: 2, stdout: "", stderr: `presence-cli: ${message}\n` });
  });
});

describe("uniques, of an API", () => {
  it("shows what it answers", async () => {
    const server = await startContractServer();
    const { code, stdout } = await cli(["uniques", "--url", server.url, "--days", "2", "--format", "csv"]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: "day,visitors\n2026-11-23,1802\n2026-11-24,911\n" });
    expect(server.requests).toEqual(["GET /v1/uniques?channel=site&days=2"]);
  });
});
