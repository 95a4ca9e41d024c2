import { createServer } from "node:net";
import { describe, expect, it } from "vitest";
import { startContractServer } from "./support/contract-server.ts";
import { cli } from "./support/cli.ts";

const POINTS = [
  { at: "2026-11-24T12:00:00.000Z", min: 3, max: 9, last: 5 },
  { at: "2026-11-24T12:01:00.000Z", min: null, max: null, last: null },
  { at: "2026-11-24T12:02:00.000Z", min: 2, max: 4, last: 4 },
];

const HISTORY = {
  channel: "site",
  step: "minute",
  from: "2026-11-24T12:00:00.000Z",
  to: "2026-11-24T12:03:00.000Z",
  timeZone: "Europe/Berlin",
  points: POINTS,
};

/** The query of the last request. */
function lastQuery({ requests }: { readonly requests: readonly string[] }): Record<string, string> {
  return Object.fromEntries(
    new URL((requests.at(-1) ?? "").replace("GET ", ""), "http://localhost").searchParams,
  );
}

describe("history", () => {
  it("draws a chart in the time zone of the server", async () => {
    const { url } = await startContractServer({ getHistory: { body: HISTORY } });
    const { code, stdout, stderr } = await cli(["history", "--url", url]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout.split("\n").slice(-4)).toEqual([
      `             :00            :15            :30            :45`,
      `11-24 13:00  █ ▄${" ".repeat(57)}  9`,
      `             ▲ peak 9 at 13:00`,
      "",
    ]);
  });

  it("asks for the last 24 hours by the minute unless told otherwise", async () => {
    const server = await startContractServer();
    await cli(["history", "--url", server.url], { nowMs: () => Date.parse("2026-11-24T12:00:30.000Z") });
    expect(lastQuery(server)).toEqual({
      channel: "site",
      step: "minute",
      from: "2026-11-23T12:00:30.000Z",
      to: "2026-11-24T12:00:30.000Z",
    });
  });

  it.each([
    ["24h", "minute"],
    ["26h", "hour"],
    ["4w", "hour"],
    ["90d", "day"],
  ])("takes the finest step that fits --since %s: %s", async (since, step) => {
    const server = await startContractServer();
    await cli(["history", "--url", server.url, "--since", since]);
    expect(lastQuery(server)["step"]).toBe(step);
  });

  it("takes a step and a channel, and an instant to begin at", async () => {
    const server = await startContractServer();
    const { code } = await cli([
      ...["history", "--url", server.url, "--channel", "page:/pricing"],
      ...["--since", "2026-01-01T00:00:00Z", "--step", "day"],
    ]);
    expect(code).toBe(0);
    expect(lastQuery(server)).toMatchObject({
      channel: "page:/pricing",
      step: "day",
      from: "2026-01-01T00:00:00.000Z",
    });
  });

  it("answers as the API does, as JSON", async () => {
    const { url } = await startContractServer({ getHistory: { body: HISTORY } });
    const { stdout, stderr } = await cli(["history", "--url", url, "--format", "json"]);
    expect(JSON.parse(stdout)).toEqual(HISTORY);
    expect(stderr).toBe("");
  });

  it("leaves a gap's cells empty as CSV, never 0", async () => {
    const { url } = await startContractServer({ getHistory: { body: HISTORY } });
    const { stdout } = await cli(["history", "--url", url, "--format", "csv"]);
    expect(stdout).toBe(
      "at,min,max,last\n2026-11-24T12:00:00.000Z,3,9,5\n2026-11-24T12:01:00.000Z,,,\n2026-11-24T12:02:00.000Z,2,4,4\n",
    );
  });

  it("says what to wait for where nothing was sampled", async () => {
    const points = [{ at: "2026-11-24T12:00:00.000Z", min: null, max: null, last: null }];
    const { url } = await startContractServer({ getHistory: { body: { ...HISTORY, points } } });
    expect(await cli(["history", "--url", url])).toEqual({
      code: 0,
      stdout: "",
      stderr:
        "Nothing was sampled of site since 2026-11-24T12:00:00.000Z: the first point appears within 10 s of a complete count, for the channels in PRESENCE_HISTORY_CHANNELS.\n",
    });
  });

  it.each([
    [
      ["--since", "yesterday"],
      '--since must be a time like 90m, 24h, 7d or 4w, or an instant like 2026-11-24T12:00:00Z, not "yesterday".',
    ],
    [["--since", "0h"], '--since must be a time before now and after 1970, not "0h".'],
    [["--since", "2999-01-01"], '--since must be a time before now and after 1970, not "2999-01-01".'],
    [["--since", "999999w"], '--since must be a time before now and after 1970, not "999999w".'],
    [["--step", "second"], '--step must be minute, hour or day, not "second".'],
    [
      ["--since", "30d", "--step", "minute"],
      "--since 30d has more than 1,500 minutes: take --step hour, or a shorter --since.",
    ],
    [["--format", "xml"], '--format must be table, json or csv, not "xml".'],
    [
      ["--redis-url", "redis://localhost"],
      "History is kept by the API, not in Redis: name the API with --url in place of --redis-url.",
    ],
    [
      ["--key", "onlines"],
      "--key is for a Redis, and an API is asked here: name the Redis with --redis-url.",
    ],
    [["site"], 'history takes no argument "site". See presence-cli history --help.'],
  ])("refuses %j with 2, naming the flag and the remedy", async (args, message) => {
    expect(await cli(["history", ...args])).toEqual({
      code: 2,
      stdout: "",
      stderr: `presence-cli: ${message}\n`,
    });
  });

  it("ends with 3 where no API answers, and says what else to name where only a Redis is", async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, "127.0.0.1", resolve));
    const address = closed.address();
    await new Promise((resolve) => closed.close(resolve));
    const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
    const named = await cli(["history"], { env: { PRESENCE_URL: url } });
    expect(named.code).toBe(3);
    expect(named.stderr).toMatch(
      /^presence-cli: GET http:\/\/127\.0\.0\.1:\d+\/v1\/history cannot be reached: /,
    );
    const unnamed = await cli(["history", "--url", url], { env: { REDIS_URL: "redis://localhost" } });
    expect(unnamed.code).toBe(3);
    expect(unnamed.stderr).toBe(
      `presence-cli: History is kept by the API, not in Redis, and none answers at ${url}: name it with --url or PRESENCE_URL, or the database it uses with MONGODB_URL.\n`,
    );
  });

  it("ends with 3 where the API cannot reach its history", async () => {
    const detail = "The history cannot be reached: MongoDB does not answer.";
    const { url } = await startContractServer({
      getHistory: { problem: "PRESENCE_HISTORY_UNAVAILABLE", detail },
    });
    const { code, stderr } = await cli(["history", "--url", url]);
    expect(code).toBe(3);
    expect(stderr).toBe(`presence-cli: GET ${url}/v1/history answered 503: ${detail}\n`);
  });

  it("ends with 1 where the token is missing, and says where one is had", async () => {
    const { url } = await startContractServer({
      getHistory: { problem: "PRESENCE_UNAUTHORIZED", detail: "A token is needed." },
    });
    const { code, stderr } = await cli(["history", "--url", url]);
    expect(code).toBe(1);
    expect(stderr).toContain("Give one with --token or PRESENCE_TOKEN");
  });
});
