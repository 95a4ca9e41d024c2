import { jobRoutes, JobsSchema } from "@presence/api-contract";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { cli } from "./support/cli.ts";
import { startContractServer } from "./support/contract-server.ts";
import { startSetRedis } from "./support/set-redis.ts";

const redis = await startSetRedis();
afterAll(() => redis[Symbol.asyncDispose]());
beforeEach(() => redis.clear());

const jobs = (...args: readonly string[]) => cli(["jobs", ...args], { env: redis.env });

/** The last run of a job, as a runner keeps it, so many seconds ago. */
async function ran(job: string, secondsAgo: number, run: Readonly<Record<string, unknown>>): Promise<void> {
  const atMs = Math.round(((await redis.nowSeconds()) - secondsAgo) * 1_000);
  const kept = { job, atMs, elapsedMs: 7, by: "api-1:42", ...run };
  await redis.client.hset(`${redis.env.PRESENCE_KEY}:meta:jobs`, job, JSON.stringify(kept));
  if (run["ok"] === true) {
    await redis.client.hset(`${redis.env.PRESENCE_KEY}:meta:jobs`, `${job}:success`, atMs);
  }
}

/** The cells of each row. */
function cellsOf(table: string): readonly (readonly string[])[] {
  const rows = table.split("\n").filter((line) => line.startsWith("│"));
  return rows.map((row) =>
    row
      .split("│")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

describe("jobs, of a Redis", () => {
  it("shows when each ran last, what it did and when it runs next", async () => {
    await ran("prune", 12, { ok: true, result: { removed: 1_041, invalid: 0, remaining: 0, channels: 3 } });
    await ran("sample", 4, { ok: false, result: "the history cannot be reached" });
    const { code, stdout, stderr } = await jobs();
    expect(code).toBe(0);
    expect(cellsOf(stdout)).toEqual([
      ["Job", "Last run", "Took", "What it did", "Next run"],
      [
        "prune",
        expect.stringMatching(/^1\d\.\d s ago$/),
        "7 ms",
        "removed 1,041, channels 3",
        expect.stringMatching(/^in (?:\d+\.\d s|1 min)$/),
      ],
      ["retain", "never", "", "", expect.stringMatching(/^in /)],
      [
        "sample",
        expect.stringMatching(/^[4-9]\.\d s ago$/),
        "7 ms",
        "FAILED: the history cannot be reached (never went well)",
        expect.stringMatching(/^in \d+\.\d s$/),
      ],
    ]);
    expect(stderr).toBe("The API processes run the jobs. The last runs were by api-1:42.\n");
  });

  it("says in the words of the API who runs them and when they are due, as JSON", async () => {
    await ran("prune", 3, { ok: true, by: "box:7:0a1b2c3d", result: { removed: 0 } });
    const answer = answerOf((await jobs("--format", "json")).stdout);
    expect(answer.runner).toBe("scheduler");
    const prune = answer.jobs.find(({ name }) => name === "prune");
    expect(prune).toMatchObject({ schedule: "every minute", lastRun: { ok: true, by: "box:7:0a1b2c3d" } });
    const nextMs = Date.parse(prune?.nextRunAt ?? "");
    expect(nextMs % 60_000).toBe(0);
    expect(nextMs - Date.parse(answer.asOf)).toBeLessThanOrEqual(60_000);
  });

  it("says that nobody runs them, and what to do, where the last run is long ago", async () => {
    await ran("prune", 900, { ok: true, result: { removed: 0 } });
    const { stdout, stderr } = await jobs();
    expect(
      cellsOf(stdout)
        .slice(1)
        .map((cells) => cells.at(-1)),
    ).toEqual(["-", "-", "-"]);
    expect(stderr).toBe(
      "Nobody runs the jobs: start the scheduler, or an API with PRESENCE_JOBS=in-process. The last runs were by api-1:42.\n",
    );
  });

  it("shows nothing that a job's name or error could do to a terminal", async () => {
    await ran("prune", 1, { ok: false, result: "\u001b[2Jgone" });
    expect((await jobs()).stdout).toContain("FAILED: \\x1b[2Jgone");
  });

  it("says that a channel changes nothing", async () => {
    expect((await jobs("--channel", "page:/")).stderr).toMatch(
      /\nJobs are for all channels: --channel changes nothing\.\n$/,
    );
  });
});

describe("jobs, of an API", () => {
  it("shows what it answers", async () => {
    const { url } = await startContractServer();
    const { stdout, stderr } = await cli(["jobs", "--url", url]);
    expect(cellsOf(stdout)[1]).toEqual(["prune", "30.0 s ago", "7 ms", "removed 41", "in 30.0 s"]);
    expect(stderr).toBe("The API processes run the jobs. The last runs were by api-7f3a.\n");
    expect(JSON.parse((await cli(["jobs", "--url", url, "--format", "json"])).stdout)).toEqual(
      jobRoutes.getJobs.answers[200].example,
    );
  });
});

function answerOf(text: string) {
  return JobsSchema.parse(JSON.parse(text));
}
