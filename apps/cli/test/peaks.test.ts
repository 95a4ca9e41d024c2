import { peakRoutes } from "@presence/api-contract";
import { describe, expect, it } from "vitest";
import { cli } from "./support/cli.ts";
import { startContractServer } from "./support/contract-server.ts";

const PEAKS = peakRoutes.getPeaks.answers[200].example;
const TABLE = `┌─────────────┬────────┬─────────────────────┐
│ Peak        │ Online │ When (UTC)          │
├─────────────┼────────┼─────────────────────┤
│ today       │     96 │ 2026-11-24 09:41:10 │
│ last 7 days │    214 │ 2026-11-20 19:02:30 │
│ all time    │    214 │ 2026-11-20 19:02:30 │
└─────────────┴────────┴─────────────────────┘
`;
const RESET = ["peaks", "--reset", "allTime", "--reason", "a load test"];

describe("peaks", () => {
  it("shows the three and their moments, and what was reset and why", async () => {
    const { url } = await startContractServer();
    expect(await cli(["peaks", "--url", url])).toEqual({
      code: 0,
      stdout: TABLE,
      stderr: "all time: reset 2026-11-01 08:00:00, it was 50,000 before (a load test)\n",
    });
  });

  it("shows moments in the time zone of the server", async () => {
    const { url } = await startContractServer({ getPeaks: { body: { ...PEAKS, timeZone: "Asia/Tokyo" } } });
    expect((await cli(["peaks", "--url", url])).stdout).toContain("96 │ 2026-11-24 18:41:10");
  });

  it("shows a dash, never 0, where nothing was sampled", async () => {
    const body = { ...PEAKS, today: null, last7Days: null, allTime: null, resets: [] };
    const { url } = await startContractServer({ getPeaks: { body } });
    const { stdout, stderr } = await cli(["peaks", "--url", url]);
    expect(stdout).toContain("│ today       │      - │");
    expect(stderr).toBe(
      "Nothing was sampled of site yet: the first sample comes within 10 s of a complete count.\n",
    );
    expect((await cli(["peaks", "--url", url, "--format", "csv"])).stdout).toBe(
      "scope,count,at\ntoday,,\nlast7Days,,\nallTime,,\n",
    );
  });

  it("answers as the API does, as JSON", async () => {
    const { url } = await startContractServer();
    const { stdout, stderr } = await cli(["peaks", "--url", url, "--format", "json"]);
    expect(JSON.parse(stdout)).toEqual(PEAKS);
    expect(stderr).toBe("");
  });
});

describe("peaks --reset", () => {
  it("asks before it resets, and resets on a yes", async () => {
    const server = await startContractServer();
    const { code, stdout, stderr } = await cli([...RESET, "--url", server.url], {
      isTerminal: true,
      input: "y\n",
    });
    expect({ code, stdout }).toEqual({ code: 0, stdout: TABLE });
    expect(stderr).toContain(
      "--reset allTime begins that peak of site anew, which cannot be taken back. Is that meant? [y/N]",
    );
    expect(server.requests).toEqual(["DELETE /v1/peaks?channel=site&scope=allTime&reason=a+load+test"]);
  });

  it("asks nobody for anything on a no", async () => {
    const server = await startContractServer();
    const { code, stderr } = await cli([...RESET, "--url", server.url], { isTerminal: true, input: "n\n" });
    expect(code).toBe(1);
    expect(stderr).toMatch(/No peak was reset\.\n$/);
    expect(server.requests).toEqual([]);
  });

  it("takes --yes for a yes where nobody can be asked", async () => {
    const server = await startContractServer();
    const args = [...RESET, "--yes", "--channel", "page:/pricing", "--url", server.url];
    expect((await cli(args)).code).toBe(0);
    expect(server.requests).toEqual([
      "DELETE /v1/peaks?channel=page%3A%2Fpricing&scope=allTime&reason=a+load+test",
    ]);
  });

  it.each([
    [
      RESET.slice(1),
      "--reset allTime begins that peak of site anew, which cannot be taken back. Add --yes if that is meant.",
    ],
    [
      ["--reset", "today", "--yes"],
      '--reset needs the reason, which is kept beside the new record: --reason "a load test".',
    ],
    [["--reset", "today", "--reason", " "], "--reason must be 1 to 200 characters on one line."],
    [["--reset", "today", "--reason", "x".repeat(201)], "--reason must be 1 to 200 characters on one line."],
    [["--reset", "today", "--reason", "two\nlines"], "--reason must be 1 to 200 characters on one line."],
    [["--reset", "yesterday"], '--reset must be today, last7Days or allTime, not "yesterday".'],
    [
      ["--reason", "why"],
      "--reason is the reason of a reset: name the peak with --reset today, last7Days or allTime.",
    ],
    [["--format", "plain"], '--format must be table, json or csv, not "plain".'],
    [
      ["--redis-url", "redis://localhost"],
      "The peak is kept by the API, not in Redis: name the API with --url in place of --redis-url.",
    ],
  ])("refuses %j with 2, naming the flag and the remedy", async (args, message) => {
    expect(await cli(["peaks", ...args])).toEqual({
      code: 2,
      stdout: "",
      stderr: `presence-cli: ${message}\n`,
    });
  });

  it("says what the API says against it", async () => {
    const detail = "This server has no admin token: set PRESENCE_ADMIN_TOKENS.";
    const { url } = await startContractServer({
      resetPeak: { problem: "PRESENCE_NO_TOKENS_CONFIGURED", detail },
    });
    const { code, stderr } = await cli([...RESET, "--yes", "--url", url]);
    expect(code).toBe(1);
    expect(stderr).toBe(`presence-cli: DELETE ${url}/v1/peaks answered 403: ${detail}\n`);
  });
});
