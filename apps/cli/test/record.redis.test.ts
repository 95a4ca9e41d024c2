import { gzipSync } from "node:zlib";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { scratchFolder } from "@presence/testkit";
import { hashAddress } from "@presence/client-address";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startApi } from "./support/api.ts";
import { cli, cliProcess, startCli } from "./support/cli.ts";
import { logLine } from "./support/log-line.ts";
import { startRecording } from "./support/recording.ts";
import { startSetRedis } from "./support/set-redis.ts";

const redis = await startSetRedis();
const { env } = redis;
let folder: Awaited<ReturnType<typeof scratchFolder>>;
beforeAll(async () => {
  folder = await scratchFolder("record");
});
afterAll(async () => {
  await folder.remove();
  await redis[Symbol.asyncDispose]();
});
beforeEach(() => redis.clear());

const online = (): Promise<string[]> => redis.client.zrange(redis.keyOf(), "0", "-1");

describe("record, of addresses", () => {
  it("counts each as seen now, in its canonical form and its group", async () => {
    expect(await cli(["record", "203.0.113.9", "::ffff:203.0.113.9", "2001:DB8:1:2::9"], { env })).toEqual({
      code: 0,
      stdout: "Recorded 3 of 3 addresses on site.\n",
      stderr: "",
    });
    expect((await online()).toSorted()).toEqual(["2001:db8:1:2::/64", "203.0.113.9"]);
  });

  it("names what is no address and records the others", async () => {
    const ended = await cli(["record", "203.0.113.9", "1.2.3.4.5", "\u001b[2J"], { env });
    expect(ended).toMatchObject({ code: 1, stdout: "Recorded 1 of 3 addresses on site.\n" });
    expect(ended.stderr).toContain('"1.2.3.4.5" is no address.');
    expect(ended.stderr).not.toContain("\u001b");
    expect(await online()).toEqual(["203.0.113.9"]);
  });

  it("records to another channel, and answers JSON", async () => {
    const ended = await cli(["record", "203.0.113.9", "--channel", "page:/a", "--format", "json"], { env });
    expect(JSON.parse(ended.stdout)).toMatchObject({ lines: 1, recorded: 1, malformed: 0 });
    expect(await redis.client.zcard(redis.keyOf("page:/a"))).toBe(1);
  });

  it.each([
    { args: ["record"], says: "record needs an address, or a log" },
    { args: ["record", "203.0.113.9", "--follow"], says: "--follow is for a log" },
    { args: ["record", "203.0.113.9", "--log", "x"], says: "--log reads the addresses from a log" },
    { args: ["record", "203.0.113.9", "--channel", "a b"], says: "Channel must be" },
    { args: ["record", "--log", "/nowhere/access.log"], says: "/nowhere/access.log" },
  ])("refuses $args and says why", async ({ args, says }) => {
    const ended = await cli(args, { env });
    expect([1, 2]).toContain(ended.code);
    expect(ended.stderr).toContain(says);
    expect(ended.stderr).not.toContain("    at ");
  });
});

describe("record --log", () => {
  it("counts each line by its own time, says what is expired or malformed, and ends well", async () => {
    const path = join(folder.path, "access.log");
    await writeFile(
      path,
      `${logLine("203.0.113.1", 30)}${logLine("203.0.113.2", 90)}nonsense\n${logLine("not-an-address")}${logLine("203.0.113.3")}\n`,
    );
    const ended = await cli(["record", "--log", path], { env });
    expect(ended).toMatchObject({ code: 0, stdout: "Recorded 2 of 6 lines on site.\n" });
    expect(ended.stderr).toContain("2 lines are malformed");
    expect(ended.stderr).toContain("1 line is older than the window");
    expect((await online()).toSorted()).toEqual(["203.0.113.1", "203.0.113.3"]);
  });

  it("reads gzip, and counts old lines as of now where it is told to", async () => {
    const path = join(folder.path, "access.log.gz");
    await writeFile(path, gzipSync(logLine("203.0.113.7", 86_400)));
    expect(await cli(["record", "--log", path, "--at", "now"], { env })).toMatchObject({
      code: 0,
      stderr: "",
    });
    expect(await online()).toEqual(["203.0.113.7"]);
  });

  it("reads standard input of another program", async () => {
    const input = `${logLine("203.0.113.4")}${logLine("203.0.113.5")}`;
    expect(await cliProcess(["record", "--log", "-"], { env, input })).toMatchObject({
      code: 0,
      stdout: "Recorded 2 of 2 lines on site.\n",
    });
  });

  it("counts what another program says while it is still speaking", async () => {
    await using recording = await startCli(["record", "--log", "-"], { env });
    recording.write(logLine("203.0.113.4"));
    await expect.poll(online, { timeout: 20_000 }).toEqual(["203.0.113.4"]);
    recording.write(logLine("203.0.113.5"));
    await expect.poll(online, { timeout: 20_000 }).toEqual(["203.0.113.4", "203.0.113.5"]);
    recording.endInput();
    expect(await recording.exited).toMatchObject({ code: 0 });
    expect(recording.stdout).toBe("Recorded 2 of 2 lines on site.\n");
  });

  it("ends when it is told to, with what was read sent, though nothing more comes", async () => {
    await using recording = await startCli(["record", "--log", "-"], { env });
    recording.write(logLine("203.0.113.4"));
    await expect.poll(online, { timeout: 20_000 }).toEqual(["203.0.113.4"]);
    expect(await recording.stop()).toEqual({ code: 1, signal: null });
    expect(recording.stdout).toBe("Recorded 1 of 1 line on site.\n");
    expect(recording.stderr).toBe("Interrupted: the rest of it was not read.\n");
  });

  it("keeps the latest time of an address, in whatever order its lines come", async () => {
    const input = logLine("203.0.113.4", 30) + logLine("203.0.113.4", 3) + logLine("203.0.113.4", 20);
    await cli(["record", "--log", "-"], { env, input });
    const score = Number(await redis.client.zscore(redis.keyOf(), "203.0.113.4"));
    const secondsAgo = (await redis.nowSeconds()) - score;
    expect(secondsAgo).toBeGreaterThan(2);
    expect(secondsAgo).toBeLessThan(15);
  });

  it("refuses a line of the future, and takes the others of its address", async () => {
    const input = logLine("203.0.113.4") + logLine("203.0.113.4", -60) + logLine("203.0.113.5", -60);
    const ended = await cli(["record", "--log", "-", "--format", "json"], { env, input });
    expect(JSON.parse(ended.stdout)).toEqual({
      lines: 3,
      malformed: 0,
      recorded: 1,
      expired: 0,
      future: 2,
      ignored: 0,
      refused: 0,
    });
    expect(ended.stderr).toBe(
      "2 lines are ahead of the store's clock by more than 5 s: one of the clocks is wrong, or a time zone.\n",
    );
    expect(await online()).toEqual(["203.0.113.4"]);
  });

  it("fails for a file that is no log", async () => {
    const path = join(folder.path, "no.log");
    await writeFile(path, "root:x:0:0:root:/root:/bin/bash\n".repeat(3));
    expect(await cli(["record", "--log", path], { env })).toEqual({
      code: 1,
      stdout: "Recorded 0 of 3 lines on site.\n",
      stderr: "3 lines are malformed: no line of a log, or no address for the client.\n",
    });
  });

  it("makes visitors by the identity of those who record there", async () => {
    await startRecording(redis, { identity: "masked" });
    await cli(["record", "--log", "-"], { env, input: logLine("203.0.113.4") + logLine("2001:db8:1:2::9") });
    expect((await online()).toSorted()).toEqual(["2001:db8:1::/48", "203.0.113.0/24"]);
  });

  it("hashes with the day's key that all processes of the store share", async () => {
    const hashed = { ...env, PRESENCE_IDENTITY: "hashed" };
    await cli(["record", "--log", "-"], {
      env: hashed,
      input: logLine("203.0.113.4") + logLine("2001:db8:1:2::9"),
    });
    await cli(["record", "203.0.113.4"], { env: hashed });
    const day = new Date((await redis.nowSeconds()) * 1_000).toISOString().slice(0, 10);
    const key = Buffer.from(
      (await redis.client.hget(`${env.PRESENCE_KEY}:meta:secret`, day)) ?? "",
      "base64url",
    );
    expect(new Set(await online())).toEqual(
      new Set(["203.0.113.4", "2001:db8:1:2::/64"].map((address) => hashAddress(address, key))),
    );
  });

  it("counts bots in a channel of their own where that is asked for", async () => {
    const input =
      logLine("66.249.66.1", 0, "Googlebot/2.1 (+http://www.google.com/bot.html)") + logLine("203.0.113.6");
    await cli(["record", "--log", "-"], { env: { ...env, PRESENCE_BOTS: "separate" }, input });
    expect((await cli(["count", "--bots"], { env })).stdout).toMatch(/^1 online on site, and 1 bot\n/);
  });

  it("counts the day's distinct visitors, as an API does", async () => {
    await cli(["record", "203.0.113.4", "203.0.113.5", "203.0.113.4"], { env });
    await cli(["record", "203.0.113.4", "--channel", "page:/"], { env });
    const { stdout } = await cli(["uniques", "--days", "1", "--format", "json"], { env });
    expect(JSON.parse(stdout)).toMatchObject({ days: [{ visitors: 2 }] });
  });

  it("says what is wrong with PRESENCE_IGNORE", async () => {
    const ended = await cli(["record", "203.0.113.4"], { env: { ...env, PRESENCE_IGNORE: "10.0.0.0/33" } });
    expect(ended).toMatchObject({ code: 2, stdout: "" });
    expect(ended.stderr).toMatch(/^presence-cli: .*10\.0\.0\.0\/33[^\n]*\n$/);
  });

  it("drops bots and ignored clients as the environment says", async () => {
    const input = `${logLine("203.0.113.4", 0, "Googlebot/2.1")}${logLine("192.0.2.5")}${logLine("203.0.113.6")}`;
    const ended = await cli(["record", "--log", "-"], {
      env: { ...env, PRESENCE_BOTS: "drop", PRESENCE_IGNORE: "192.0.2.0/24" },
      input,
    });
    expect(ended.stderr).toContain("2 lines are of clients that are not counted");
    expect(await online()).toEqual(["203.0.113.6"]);
  });

  it("sends to an API, which judges by its own rules", async () => {
    const token = "an-ingest-token-of-32-characters-and-more";
    await using api = await startApi({
      PRESENCE_INGEST_TOKENS: token,
      PRESENCE_ADMIN_TOKENS: `admin-${token}`,
    });
    const input = `${logLine("203.0.113.4")}${logLine("203.0.113.5", 90)}${logLine("bad")}`;
    const ended = await cli(["record", "--log", "-", "--url", api.url, "--token", token], { input });
    expect(ended).toMatchObject({ code: 0, stdout: "Recorded 1 of 3 lines on site.\n" });
    const { num } = (await (await fetch(`${api.url}/user/online/`)).json()) as { readonly num: number };
    expect(num).toBe(1);
    const refused = await cli(["record", "203.0.113.9", "--url", api.url, "--token", "wrong"], {});
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain("token");
  });
});
