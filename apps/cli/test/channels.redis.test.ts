import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { startApi } from "./support/api.ts";
import { cli } from "./support/cli.ts";
import { startRecording } from "./support/recording.ts";
import { startSetRedis } from "./support/set-redis.ts";

const redis = await startSetRedis();
afterAll(() => redis[Symbol.asyncDispose]());
beforeEach(() => redis.clear());

const channels = (...args: readonly string[]) => cli(["channels", ...args], { env: redis.env });

/** Records visitors by channel, and waits until they are there. */
async function record(visitors: Readonly<Record<string, readonly string[]>>, isBot = false): Promise<void> {
  const { presence } = await startRecording(redis, {});
  for (const [channel, ofChannel] of Object.entries(visitors)) {
    for (const visitor of ofChannel) presence.record(visitor, { channel, isBot });
  }
  await presence.flush();
}

describe("channels, of a Redis", () => {
  it("shows each live channel with its count, the fullest first", async () => {
    await record({ site: ["a", "b", "c"], "page:/pricing": ["a"], "page:/about": ["a", "b"] });
    const { code, stdout, stderr } = await channels();
    expect(code).toBe(0);
    const rows = stdout.split("\n").filter((line) => /^│ (?!Channel)/.test(line));
    expect(
      rows.map((row) =>
        row
          .split("│")
          .slice(1, 3)
          .map((cell) => cell.trim()),
      ),
    ).toEqual([
      ["site", "3"],
      ["page:/about", "2"],
      ["page:/pricing", "1"],
    ]);
    expect(stderr).toBe(
      "3 of 3 live channels; online is who was seen within 60 s. Incomplete: not all of the window was recorded, so the numbers may be too low.\n",
    );
  });

  it("shows only those that begin so, at most so many, and how many more there are", async () => {
    await record({ site: ["a"], "page:/a": ["a", "b"], "page:/b": ["a"], "page:/c": ["a"] });
    const { stdout, stderr } = await channels("--prefix", "page:", "--limit", "2", "--format", "plain");
    expect({ stdout, stderr }).toEqual({ stdout: "page:/a\npage:/b\n", stderr: "" });
    expect((await channels("--prefix", "page:", "--limit", "2")).stderr).toMatch(
      /^2 of 3 live channels; .* More: --limit, or --prefix\./,
    );
  });

  it("shows one channel alone", async () => {
    await record({ site: ["a"], "page:/a": ["a"], "page:/a/b": ["a"] });
    expect((await channels("--channel", "page:/a", "--format", "plain")).stdout).toBe("page:/a\n");
  });

  it("shows bots beside people where they are counted apart", async () => {
    await record({ site: ["a"] });
    await record({ site: ["googlebot", "bingbot"] }, true);
    const { channels: found } = JSON.parse((await channels("--format", "json")).stdout);
    expect(found).toEqual([{ channel: "site", count: 1, bots: 2, lastWrite: expect.any(String) }]);
    expect((await channels("--format", "csv")).stdout).toMatch(/^channel,count,bots,lastWrite\nsite,1,2,2/);
  });

  it("shows the site that only other programs write to", async () => {
    await redis.seen({ "203.0.113.9": 1 });
    expect((await channels("--format", "csv")).stdout).toMatch(/\nsite,1,,2\d{3}-/);
  });

  it("says so where there is none", async () => {
    expect(await channels()).toEqual({
      code: 0,
      stdout: "",
      stderr: "No such channel is live: nobody was seen there lately.\n",
    });
  });

  it.each([
    [["--limit", "0"], '--limit must be a whole number from 1 to 1000, not "0".'],
    [["--limit", "1001"], '--limit must be a whole number from 1 to 1000, not "1001".'],
    [
      ["--channel", "site", "--prefix", "s"],
      "--channel is one channel, --prefix are many: leave one of them out.",
    ],
    [["--format", "xml"], '--format must be table, json, csv or plain, not "xml".'],
  ])("refuses %j with 2, naming the flag and the remedy", async (args, message) => {
    expect(await channels(...args)).toEqual({ code: 2, stdout: "", stderr: `presence-cli: ${message}\n` });
  });
});

describe("channels, of an API", () => {
  it("says the same as of the Redis it counts in", async () => {
    const token = "admin-token-of-at-least-32-characters";
    await using api = await startApi({
      REDIS_URL: redis.url,
      PRESENCE_KEY: redis.env.PRESENCE_KEY,
      PRESENCE_CHANNELS: "site,page:*",
      PRESENCE_ADMIN_TOKENS: token,
    });
    await api.visit("203.0.113.9", "203.0.113.10");
    await record({ "page:/pricing": ["a"], "page:/about": ["a", "b", "c"] });
    const ask = async (...args: readonly string[]) =>
      (await cli(["channels", "--url", api.url, "--token", token, ...args])).stdout;
    await expect
      .poll(() => ask("--format", "plain"), { timeout: 20_000 })
      .toBe("page:/about\nsite\npage:/pricing\n");
    const ofApi = JSON.parse(await ask("--format", "json"));
    const ofRedis = JSON.parse((await channels("--format", "json")).stdout);
    expect(ofApi.channels).toEqual(ofRedis.channels);
    expect(await ask("--channel", "page:/about", "--format", "plain")).toBe("page:/about\n");
  });

  it("ends with 3 where nobody answers", async () => {
    const ended = await cli(["channels", "--url", "http://127.0.0.1:19"]);
    expect(ended).toMatchObject({ code: 3, stdout: "" });
    expect(ended.stderr).toMatch(
      /^presence-cli: GET http:\/\/127\.0\.0\.1:19\/v1\/channels cannot be reached/,
    );
  });
});
