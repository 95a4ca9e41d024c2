import { jobRoutes } from "@presence/api-contract";
import { createMemoryStore } from "@presence/core";
import { manualClock } from "@presence/core/testing";
import { connectSqliteHistoryStore } from "@presence/history/sqlite";
import { waitUntil } from "@presence/testkit";
import { describe, expect, it, onTestFinished } from "vitest";
import { startJobs } from "../src/jobs.ts";
import {
  ADMIN_TOKEN,
  answerOf,
  bearer,
  problemOf,
  READ_TOKEN,
  startTestApi,
  type TestApi,
} from "./support/api.ts";

const contract = jobRoutes.getJobs;
const ask = async (api: TestApi) =>
  answerOf(await api.get("/v1/jobs", { headers: bearer(ADMIN_TOKEN) }), contract);

describe("GET /v1/jobs", () => {
  it("says of each job when it runs next, and that it never ran", async () => {
    const api = await startTestApi({ clock: manualClock(Date.parse("2026-11-24T12:00:07.000Z")) });
    const never = { lastRun: null, lastSuccessAt: null };
    expect(await ask(api)).toEqual({
      asOf: "2026-11-24T12:00:07.000Z",
      runner: "in-process",
      jobs: [
        { name: "prune", schedule: "every minute", ...never, nextRunAt: "2026-11-24T12:01:00.000Z" },
        { name: "retain", schedule: "every day", ...never, nextRunAt: "2026-11-25T00:00:00.000Z" },
        { name: "sample", schedule: "every 10 seconds", ...never, nextRunAt: "2026-11-24T12:00:10.000Z" },
      ],
    });
  });

  it("says what the last run did, by whom, and why it failed", async () => {
    const store = createMemoryStore();
    const run = { job: "prune", by: "here:1", atMs: Date.parse("2026-11-24T12:00:00.004Z"), elapsedMs: 7 };
    await store.jobs.saveRun({ ...run, ok: true, result: { removed: 41 } });
    await store.jobs.saveRun({ ...run, job: "sample", ok: true, result: null });
    const failed = { ...run, job: "sample", atMs: run.atMs + 10_000, ok: false, result: "MongoDB is away" };
    await store.jobs.saveRun(failed);
    const { jobs } = await ask(await startTestApi({ store }));
    const at = "2026-11-24T12:00:00.004Z";
    expect(jobs).toMatchObject([
      { lastRun: { ok: true, at, by: "here:1", elapsedMs: 7, result: { removed: 41 } }, lastSuccessAt: at },
      { lastRun: null },
      { lastRun: { ok: false, error: "MongoDB is away" }, lastSuccessAt: at },
    ]);
  });

  it.each([
    [{ PRESENCE_JOBS: "off" }, "off"],
    [{ REDIS_URL: "redis://127.0.0.1:1", MONGODB_URL: "mongodb://127.0.0.1:1" }, "scheduler"],
    [{ REDIS_URL: "redis://127.0.0.1:1" }, "in-process"],
  ])("names who runs them with %j", async (env, runner) => {
    const answer = await ask(await startTestApi({ env }));
    expect(answer.runner).toBe(runner);
    expect(answer.jobs.every(({ nextRunAt }) => (nextRunAt === null) === (runner === "off"))).toBe(true);
  });

  it("is for admins", async () => {
    const api = await startTestApi();
    const refused = await api.get("/v1/jobs", { headers: bearer(READ_TOKEN) });
    expect(await problemOf(refused, contract)).toMatchObject({ status: 403, code: "PRESENCE_FORBIDDEN" });
  });
});

describe("the jobs of this process", () => {
  it("let go of old history at start, where nobody did today, and keep who did", async () => {
    const history = connectSqliteHistoryStore({ path: ":memory:" });
    const monthsAgoMs = Date.now() - 60 * 86_400_000;
    await history.addSample({ channel: "site", count: 5, atMs: monthsAgoMs });
    const api = await startTestApi({ history });
    const jobs = startJobs(api.deps);
    onTestFinished(() => jobs.close());
    const retain = await waitUntil(
      async () => (await ask(api)).jobs.find(({ name }) => name === "retain")?.lastRun,
    );
    expect(retain).toMatchObject({ ok: true, by: "test:1", result: { minutes: 1, hours: 0 } });
  });
});
