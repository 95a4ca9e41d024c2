import { startProcess, startRedis } from "@presence/testkit";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startApi } from "./support/api.ts";
import { cliProcess } from "./support/cli.ts";
import { startSetRedis } from "./support/set-redis.ts";
import { startTerminal } from "./support/terminal.ts";

const MAIN = join(import.meta.dirname, "../src/main.ts");

const redis = await startSetRedis();
afterAll(() => redis[Symbol.asyncDispose]());
beforeAll(() =>
  redis.seen(Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`v${index}`, 1]))),
);

describe("presence-cli, as a program", () => {
  it("writes data to stdout, words to stderr, and ends with 0", async () => {
    const { code, stdout, stderr } = await cliProcess(["count", "--format", "plain"], { env: redis.env });
    expect({ code, stdout }).toEqual({ code: 0, stdout: "20000\n" });
    expect(stderr).toMatch(/^incomplete: /);
  });

  it("says nothing when its reader has read enough", async () => {
    const pipe = `"$0" --conditions=@presence/source "$1" list --all --format plain | head -n 1; echo "\${PIPESTATUS[0]}"`;
    await using shell = await startProcess("bash", ["-c", pipe, process.execPath, MAIN], { env: redis.env });
    await shell.exited;
    expect(shell.stdout).toBe("v0\n0\n");
    expect(shell.stderr).toBe("");
  });

  it("uses no escape sequences where nobody looks", async () => {
    const list = await cliProcess(["list", "--limit", "3"], { env: { ...redis.env, TERM: "xterm" } });
    const prune = await cliProcess(["prune"], { env: { ...redis.env, TERM: "xterm" } });
    expect(list.stdout + list.stderr + prune.stdout + prune.stderr).not.toContain("\u001b");
  });

  it.each([
    [["--version"], /^\d+\.\d+\.\d+\n$/],
    [["--help"], /^Who is online right now\.\n\nUsage: presence-cli <command> \[options\]\n/],
    [["count", "--help"], /^How many are online, and what that number means\.\n\nUsage: presence-cli count/],
  ])("answers %j on stdout", async (args, stdout) => {
    expect(await cliProcess(args)).toEqual({ code: 0, stdout: expect.stringMatching(stdout), stderr: "" });
  });

  it("shows how it is used where no command is given, as a mistake", async () => {
    const { code, stdout, stderr } = await cliProcess([]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("Usage: presence-cli <command> [options]");
  });

  it("asks on a terminal before it removes who is online", async () => {
    await using terminal = await startTerminal(["prune", "--older-than", "1"], {
      env: redis.env,
      ready: /Is that meant\? \[y\/N\] /,
    });
    terminal.write("n\n");
    expect(await terminal.exited).toMatchObject({ code: 1 });
    expect(terminal.stdout).toContain("Nothing was removed.");
  });

  it("ends with 3 where the service cannot be reached, and says so at once", async () => {
    for (const [args, message] of [
      [
        ["count", "--redis-url", "redis://127.0.0.1:9"],
        /store cannot be reached: connect ECONNREFUSED 127\.0\.0\.1:9/,
      ],
      [
        ["count", "--url", "http://127.0.0.1:19"],
        /^presence-cli: GET http:\/\/127\.0\.0\.1:19\/v1\/online cannot be reached: /,
      ],
    ] as const) {
      const startedMs = performance.now();
      const { code, stdout, stderr } = await cliProcess(args);
      expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
      expect(stderr).toMatch(message);
      expect(performance.now() - startedMs).toBeLessThan(10_000);
    }
  });

  it("ends with 4 for an old number with --fail-stale, with 0 without it, with 3 where there is none", async () => {
    await using store = await startRedis();
    await using api = await startApi({ REDIS_URL: store.url });
    const count = (...args: readonly string[]) => cliProcess(["count", "--url", api.url, ...args]);
    await api.visit("203.0.113.9");
    await expect
      .poll(async () => (await count("--format", "plain", "--fail-stale")).stdout, { timeout: 20_000 })
      .toBe("1\n");
    await store.kill();
    const stale = await count("--format", "plain", "--fail-stale");
    expect(stale).toEqual({
      code: 4,
      stdout: "1\n",
      stderr: expect.stringMatching(/^stale: the store is away, this is the number of [\d.]+ s ago\n$/),
    });
    expect(await count("--format", "json")).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('"stale":true'),
    });
    const unknown = await count("--window", "7");
    expect(unknown).toMatchObject({ code: 3, stdout: "" });
    expect(unknown.stderr).toMatch(/^presence-cli: GET .* answered 503: /);
  });

  it("says in one line what is wrong, without a stack trace, and ends with 2", async () => {
    expect(await cliProcess(["count", "--window", "0"], { env: redis.env })).toEqual({
      code: 2,
      stdout: "",
      stderr: 'presence-cli: --window must be a whole number from 1 to 86400, not "0".\n',
    });
  });
});
