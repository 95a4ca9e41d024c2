import { describe, expect, it } from "vitest";
import { cli } from "./support/cli.ts";

/** Nothing listens there. */
const NOBODY = "redis://127.0.0.1:9";

describe("a command line that is none", () => {
  it.each([
    [["cuont"], "Did you mean count?"],
    [["xyzzy"], 'There is no command "xyzzy". The commands: count, '],
    [["count", "--windw", "5"], "count has no option --windw. Did you mean --window?"],
    [["count", "-w"], "count has no option -w."],
    [["count", "--window"], "--window needs a value."],
    [["count", "--window="], "--window needs a value."],
    [["count", "--window", "5", "--window", "6"], "--window is given 2 times: give it once."],
    [["count", "--bots=yes"], "--bots takes no value."],
    [["prune", "--dry-run=yes"], "--dry-run takes no value."],
    [["count", "site"], 'count takes no argument "site".'],
    [["count", "--channel", "with spaces", "--redis-url", NOBODY], ""],
    [["count", "--redis-url", "no url"], "Redis URL"],
    [["count", "--redis-url", "http://127.0.0.1"], "Redis URL"],
    [["count", "--redis-url", ""], "--redis-url needs a value."],
    [
      ["count", "--url", "no url"],
      "--url (or PRESENCE_URL) must be an address that begins with http:// or https://.",
    ],
    [["count", "--url", "redis://a"], "--url (or PRESENCE_URL) must be"],
    [["count", "--url", "http://127.0.0.1:9", "--token", "two\nlines"], "Token must be printable ASCII"],
    [["count", "--redis-url", "redis://a", "--url", "http://b"], "--redis-url and --url name two places"],
    [["count", "--url", "http://a", "--key", "k"], "--key is for a Redis"],
    [["replay"], "replay needs a file."],
    [["replay", "a", "b"], 'replay takes no argument "b".'],
    [["replay", "/no/such/file"], "There is no file /no/such/file."],
    [["replay", "/"], "/ is a directory, no log file."],
    [["replay", "a.log", "--window", "0"], "--window must be a whole number from 1 to 86400"],
    [["replay", "a.log", "--step", "0"], "--step must be a whole number from 1 to 86400"],
    [["replay", "a.log", "--redis-url", NOBODY], "replay has no option --redis-url."],
    [["forget", "\u001b[2J", "--frmat", "\u001b[2J"], "Did you mean --format?"],
    [["\u001b[2J"], 'There is no command "\\u001b[2J".'],
  ])("%j is answered in one line that says what is wrong", async (args, what) => {
    const ended = await cli(args);
    expect(ended).toMatchObject({ stdout: "" });
    expect(ended.code).toBeGreaterThanOrEqual(2);
    expect(ended.stderr).toContain(what);
    expect(ended.stderr).toMatch(/^presence-cli: [\x20-\x7e]+\n$/);
    expect(ended.stderr).not.toMatch(/ at |node:|mistake in presence-cli/);
  });

  it.each([
    ["REDIS_URL", "localhost:6379", "Redis URL"],
    ["PRESENCE_URL", "localhost:3000", "--url (or PRESENCE_URL) must be an address"],
    ["PRESENCE_SHARDS", "0", 'PRESENCE_SHARDS must be a whole number from 1 to 64, not "0".'],
    ["PRESENCE_WINDOW_SECONDS", "a minute", "PRESENCE_WINDOW_SECONDS must be a whole number from 1 to 86400"],
    ["PRESENCE_KEY_TTL_SECONDS", "1", "PRESENCE_KEY_TTL_SECONDS must be a whole number from 11 to"],
    ["PRESENCE_IDENTITY", "name", 'PRESENCE_IDENTITY must be ip, masked or hashed, not "name".'],
    ["PRESENCE_IPV6_PREFIX", "8", 'PRESENCE_IPV6_PREFIX must be a whole number from 32 to 128, not "8".'],
    ["PRESENCE_BOTS", "maybe", 'PRESENCE_BOTS must be include, separate or drop, not "maybe".'],
    ["PRESENCE_KEY", "a key", "--key (or PRESENCE_KEY) must be 1 to 64 of"],
  ])("names %s where it is %j", async (name, value, message) => {
    const place = name === "PRESENCE_URL" ? {} : { REDIS_URL: NOBODY };
    const ended = await cli(["count"], { env: { ...place, [name]: value } });
    expect(ended).toMatchObject({ code: 2, stdout: "" });
    expect(ended.stderr).toContain(message);
  });

  it("takes an empty variable for one that is not set", async () => {
    const env = { REDIS_URL: " ", PRESENCE_SHARDS: "", PRESENCE_URL: "http://127.0.0.1:19" };
    expect((await cli(["count"], { env })).stderr).toMatch(
      /http:\/\/127\.0\.0\.1:19\/v1\/online cannot be reached/,
    );
  });

  it("shows no password and no token, right or wrong", async () => {
    for (const args of [
      ["--redis-url", "redis://user:hunter2@127.0.0.1:9"],
      ["--redis-url", "redis:/user:hunter2@127.0.0.1:9"],
      ["--url", "http://user:hunter2@127.0.0.1:19"],
      ["--url", "http://127.0.0.1:19/?token=hunter2", "--token", "hunter2-hunter2-hunter2-hunter2-hunter2"],
    ]) {
      const { code, stdout, stderr } = await cli(["count", ...args]);
      expect(code).toBeGreaterThanOrEqual(2);
      expect(stdout + stderr).not.toContain("hunter2");
    }
  });
});
