import { connectMongoHistoryStore } from "@presence/history/mongo";
import { startMongo, startRedis } from "@presence/testkit";
import { MongoClient } from "mongodb";
import { afterAll, describe, expect, it } from "vitest";
import { doctor } from "../support/doctor.ts";

const [mongo, redis] = await Promise.all([startMongo(), startRedis()]);
afterAll(() => Promise.all([mongo.stop(), redis.stop()]));

const SECOND_MS = 1_000;

/** A job as Agenda keeps it, due in a minute. */
function job(name: string, more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  const nextRunAt = new Date(Date.now() + 60 * SECOND_MS);
  return { name, type: "single", nextRunAt, lockedAt: null, lastModifiedBy: "box:7:0a1b2c3d", ...more };
}

/** What is found of a database that holds these jobs. */
async function schedule(...jobs: readonly Record<string, unknown>[]) {
  const url = mongo.freshDatabase();
  const client = await new MongoClient(url).connect();
  if (jobs.length > 0)
    await client
      .db()
      .collection("agendaJobs")
      .insertMany([...jobs]);
  await client.close();
  const found = await doctor({ REDIS_URL: redis.url, MONGODB_URL: url });
  expect(found.of("mongodb")).toMatchObject([
    { state: "ok", detail: expect.stringMatching(/^test\d+ answers in \d+\.\d ms$/) },
  ]);
  return found.of("schedule");
}

const rest = [job("sample"), job("retain")];

describe("doctor, on MongoDB", () => {
  it("finds nothing where each job has one document that nobody holds for long", async () => {
    const running = job("prune", { lockedAt: new Date(Date.now() - 5 * SECOND_MS), nextRunAt: new Date() });
    expect(await schedule(running, ...rest)).toEqual([
      {
        name: "schedule",
        state: "ok",
        detail: "prune, retain, sample: one document each, none locked for long",
      },
    ]);
  });

  it("finds a job that has two documents", async () => {
    expect(await schedule(job("prune"), job("prune"), ...rest)).toMatchObject([
      {
        state: "fail",
        detail: "prune has 2 documents: it runs as often as that at once",
        remedy: expect.stringContaining("restart the scheduler"),
      },
    ]);
  });

  it("finds a lock that nobody let go of", async () => {
    const lockedAt = new Date(Date.now() - 840 * SECOND_MS);
    expect(await schedule(job("prune", { lockedAt }), ...rest)).toMatchObject([
      {
        state: "fail",
        detail: "prune has been locked for 14 min by box:7:0a1b2c3d",
        remedy: expect.stringContaining("restart it"),
      },
    ]);
  });

  it("finds a job that nobody runs", async () => {
    const nextRunAt = new Date(Date.now() - 300 * SECOND_MS);
    expect(await schedule(job("prune", { nextRunAt }), ...rest)).toMatchObject([
      {
        state: "fail",
        detail: "prune is due for 5 min",
        remedy: expect.stringContaining("no scheduler runs"),
      },
    ]);
  });

  it("finds a job that somebody disabled", async () => {
    expect(await schedule(job("prune", { disabled: true }), ...rest)).toMatchObject([
      {
        state: "fail",
        detail: "prune is disabled: nobody runs it",
        remedy: 'in mongosh: db.agendaJobs.updateOne({ name: "prune" }, { $set: { disabled: false } })',
      },
    ]);
  });

  it("finds that no scheduler ever ran there", async () => {
    expect(await schedule()).toMatchObject([
      {
        state: "fail",
        detail: "no job is on the schedule",
        remedy: expect.stringContaining("start the scheduler"),
      },
    ]);
  });

  it("finds each job that is missing", async () => {
    expect(await schedule(job("prune"))).toMatchObject([
      { state: "fail", detail: "retain is not on the schedule" },
      { state: "fail", detail: "sample is not on the schedule" },
    ]);
  });

  it("finds one that is not there, and shows no password", async () => {
    const found = await doctor({
      REDIS_URL: redis.url,
      MONGODB_URL: "mongodb://user:hunter2@127.0.0.1:9/presence",
    });
    expect(found.code).toBe(1);
    expect(found.of("mongodb")).toMatchObject([
      {
        state: "fail",
        detail: expect.stringMatching(/^MongoDB cannot be asked: .*127\.0\.0\.1:9/),
        remedy: expect.stringContaining("MONGODB_URL"),
      },
    ]);
    expect(JSON.stringify(found)).not.toContain("hunter2");
  });

  it("finds a URL that is none", async () => {
    const found = await doctor({ REDIS_URL: redis.url, MONGODB_URL: "localhost:27017" });
    expect(found.of("mongodb")).toMatchObject([
      { state: "fail", detail: expect.stringMatching(/^MONGODB_URL cannot be used: /) },
    ]);
  });

  it("finds a MongoDB without a Redis, with which nothing starts", async () => {
    const found = await doctor({ MONGODB_URL: mongo.freshDatabase(), PRESENCE_URL: "http://127.0.0.1:19" });
    expect(found.of("environment")).toMatchObject([
      { state: "fail", remedy: expect.stringMatching(/^REDIS_URL=/) },
    ]);
  });

  it("leaves what it looks at as it was", async () => {
    const url = mongo.freshDatabase();
    const history = connectMongoHistoryStore({ url });
    await history.addSample({ channel: "site", count: 1, atMs: 1_000 });
    await history.close();
    await doctor({ REDIS_URL: redis.url, MONGODB_URL: url });
    const client = await new MongoClient(url).connect();
    const names = (await client.db().listCollections().toArray()).map(({ name }) => name);
    await client.close();
    expect(names.toSorted()).toEqual(["presence_peaks", "presence_samples"]);
  });
});
