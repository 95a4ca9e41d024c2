import { freePort, startFaultProxy, type TestProcess, waitUntil } from "@presence/testkit";
import { afterAll, describe, expect, it } from "vitest";
import { startApi } from "./support/api.ts";
import { cli, startCli } from "./support/cli.ts";
import { startContractServer } from "./support/contract-server.ts";
import { startSetRedis } from "./support/set-redis.ts";
import { startTerminal } from "./support/terminal.ts";

const api = await startApi({ PRESENCE_WINDOW_SECONDS: "1" });
afterAll(() => api[Symbol.asyncDispose]());

/** Waits for a line on stdout, and answers what it matched. */
function line(started: TestProcess, pattern: RegExp): Promise<RegExpExecArray> {
  return waitUntil(() => pattern.exec(started.stdout), {
    timeoutMs: 20_000,
    what: `${String(pattern)} in ${JSON.stringify(started.stdout + started.stderr)}`,
  });
}

/** Visits until the count of it is on stdout: the window is so short that one visit may fall between two counts. */
function visited(started: TestProcess, addresses: readonly string[], pattern: RegExp): Promise<unknown> {
  return waitUntil(
    async () => {
      await api.visit(...addresses);
      return pattern.test(started.stdout);
    },
    { timeoutMs: 20_000, everyMs: 100, what: String(pattern) },
  );
}

/** Each JSON line so far. */
function jsonLines({ stdout }: TestProcess): readonly Record<string, unknown>[] {
  return stdout
    .split("\n")
    .slice(0, -1)
    .map((text) => JSON.parse(text));
}

describe("watch, of an API", () => {
  it("prints a line a change, and ends with 0 on Ctrl-C", async () => {
    await using watch = await startCli(["watch", "--url", api.url]);
    await line(watch, / 0 online on site/);
    const both = /\n\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}Z {2}2 online on site/;
    await visited(watch, ["203.0.113.9", "203.0.113.10"], both);
    // The window is a second: who left is seen to leave, though nobody asks.
    await line(watch, /2 online on site.*\n(?:.*\n)*.* 0 online on site/);
    watch.signal("SIGINT");
    expect(await watch.exited).toEqual({ code: 0, signal: null });
    expect(watch.stderr).toBe("");
  });

  it("prints one OnlineCount a change as JSON", async () => {
    await using watch = await startCli(["watch", "--url", api.url, "--format", "json"]);
    await line(watch, /"count":0/);
    await visited(watch, ["203.0.113.9"], /"count":1/);
    watch.signal("SIGTERM");
    expect((await watch.exited).code).toBe(0);
    for (const count of jsonLines(watch)) {
      expect(count).toMatchObject({
        channel: "site",
        windowSeconds: 1,
        stale: false,
        asOf: expect.any(String),
      });
    }
  });

  it("keeps to one line on a terminal", async () => {
    await using watch = await startTerminal(["watch", "--url", api.url]);
    await line(watch, /0 online on site {3}(?:live|every 5 s), as of \d\d:\d\d:\d\d/);
    await visited(watch, ["203.0.113.9"], /\r1 online on site {3}/);
    watch.write("\u0003");
    expect((await watch.exited).code).toBe(0);
    expect(watch.stdout.replace(/\^C/, "").trimEnd()).not.toContain("\n");
  });

  it("shows an outage as stale with its age, then as unavailable, never as 0, and the return", async () => {
    await using proxy = await startFaultProxy({ targetPort: Number(new URL(api.url).port) });
    // So seldom asked, a change comes by the stream alone.
    const args = ["watch", "--url", proxy.url("http"), "--format", "json", "--every", "60"];
    await using watch = await startCli(args);
    await line(watch, /"count":0/);
    await visited(watch, ["203.0.113.9"], /"count":1/);
    await proxy.mode("reset");
    await line(watch, /"stale":true.*\n/);
    await line(watch, /"count":null,.*"unavailable":".*\n/);
    await proxy.mode("pass");
    await line(watch, /"unavailable".*\n.*"count":\d+,.*"stale":false/);
    const lines = jsonLines(watch);
    expect(lines.find(({ stale }) => stale === true)).toMatchObject({
      count: expect.any(Number),
      complete: false,
    });
    expect(lines.find(({ count }) => count === null)).toEqual({
      channel: "site",
      count: null,
      asOf: expect.any(String),
      unavailable: expect.any(String),
    });
  });

  it("asks again and again where there is no stream", async () => {
    const server = await startContractServer({
      streamOnline: { problem: "PRESENCE_STREAMS_FULL", detail: "There is no stream to give." },
    });
    await using watch = await startTerminal(["watch", "--url", server.url, "--every", "1"]);
    await line(watch, /12 online on site {3}every 1 s, as of/);
    await waitUntil(() => server.requests.filter((request) => request.includes("/v1/online?")).length >= 2);
  });

  it("ends with 3 where nobody answers the first question", async () => {
    const port = await freePort();
    const { code, stderr } = await cli(["watch", "--url", `http://127.0.0.1:${port}`]);
    expect(code).toBe(3);
    expect(stderr).toMatch(/^presence-cli: GET .*\/v1\/online cannot be reached/);
  });

  it("ends with 2 for a channel that is none", async () => {
    const { code, stderr } = await cli(["watch", "--url", api.url, "--channel", "no such"]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^presence-cli: GET .* answered 400: .*channel/i);
  });

  it.each([
    [["--every", "0"], '--every must be a whole number from 1 to 60, not "0".'],
    [["--format", "plain"], '--format must be table or json, not "plain".'],
  ])("refuses %j with 2, naming the flag and the remedy", async (args, message) => {
    expect(await cli(["watch", ...args])).toEqual({
      code: 2,
      stdout: "",
      stderr: `presence-cli: ${message}\n`,
    });
  });
});

describe("watch, of a Redis", () => {
  it("asks again and again, and prints a line a change", async () => {
    await using redis = await startSetRedis();
    await using watch = await startCli(["watch", "--every", "1"], { env: redis.env });
    await line(watch, / 0 online on site, incomplete: it may be too low\n/);
    await redis.seen({ "203.0.113.9": 1 });
    await line(watch, /\n.* 1 online on site/);
    watch.signal("SIGINT");
    expect(await watch.exited).toEqual({ code: 0, signal: null });
  });

  it("ends with 3 where no Redis answers", async () => {
    const { code, stderr } = await cli(["watch", "--redis-url", "redis://127.0.0.1:9"]);
    expect(code).toBe(3);
    expect(stderr).toMatch(/^presence-cli: The store cannot be reached/);
  });
});
