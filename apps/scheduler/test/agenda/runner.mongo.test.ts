import { createMemoryJobBoard } from "@presence/core";
import type { Job } from "@presence/jobs";
import { type FaultProxy, type MongoServer, startFaultProxy, startMongo, waitUntil } from "@presence/testkit";
import { MongoClient } from "mongodb";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { JOBS_COLLECTION } from "../../src/agenda/backend.ts";
import type { JobDocument } from "../../src/agenda/job-documents.ts";
import { type AgendaRunner, createAgendaRunner, type RunnerEvent } from "../../src/agenda/runner.ts";
import { databaseOf } from "../../src/mongo/connection.ts";

describe("an Agenda runner", () => {
  let mongo: MongoServer;
  let proxy: FaultProxy;
  let direct: MongoClient;
  let client: MongoClient;
  let url: string;
  let events: RunnerEvent[];
  let runner: AgendaRunner;
  beforeAll(async () => {
    mongo = await startMongo();
  });
  beforeEach(async () => {
    proxy = await startFaultProxy({ targetPort: mongo.port });
    url = mongo.freshDatabase();
    direct = new MongoClient(url);
    const timeouts = { serverSelectionTimeoutMS: 300, socketTimeoutMS: 500, heartbeatFrequencyMS: 500 };
    client = new MongoClient(proxy.url("mongodb"), timeouts);
    events = [];
  });
  afterEach(async () => {
    await proxy.mode("pass");
    await runner.close(1_000);
    await Promise.all([client.close(), direct.close(), proxy.close()]);
  });
  afterAll(async () => mongo.stop());

  async function run(job: Job, by = "here:1"): Promise<AgendaRunner> {
    const created = createAgendaRunner({
      db: client.db(databaseOf(url)),
      jobs: [job],
      board: createMemoryJobBoard(),
      nowMs: Date.now,
      by,
      lockLifetimeMs: 1_000,
      processEveryMs: 100,
      onEvent: (event) => events.push(event),
    });
    await created.prepare();
    await created.start();
    return created;
  }

  function documents() {
    return direct.db().collection<JobDocument>(JOBS_COLLECTION);
  }

  /** When the lock of the job was last renewed. */
  async function lockedAt(): Promise<number> {
    return (await documents().findOne({ name: "prune" }))?.lockedAt?.getTime() ?? 0;
  }

  function kinds(): ReadonlySet<string> {
    return new Set(events.map(({ kind }) => kind));
  }

  it("tells each run with what it did, and each failure with its reason", async () => {
    let runs = 0;
    runner = await run({
      name: "prune",
      everySeconds: 1,
      run: async () => {
        runs += 1;
        if (runs === 1) throw new Error("no store");
        return { removed: 7 };
      },
    });
    await waitUntil(() => runs >= 2 && kinds().has("ran"));
    expect(events).toContainEqual({ kind: "failed", job: "prune", error: new Error("no store") });
    expect(events).toContainEqual({ kind: "ran", job: "prune", result: { removed: 7 } });
  });

  it("keeps the lock of a run that takes longer than its lifetime", async () => {
    const { promise, resolve } = Promise.withResolvers<null>();
    let begun = 0;
    const job: Job = {
      name: "prune",
      everySeconds: 1,
      run: () => {
        begun += 1;
        return promise;
      },
    };
    runner = await run(job);
    await waitUntil(() => begun === 1);
    const firstMs = await lockedAt();
    await waitUntil(async () => (await lockedAt()) > firstMs + 2_000, {
      what: "a lock two lifetimes younger",
    });
    expect(begun).toBe(1);
    resolve(null);
    await waitUntil(() => kinds().has("ran"));
  });

  it("asks a run whose lock was lost to end, and begins no other one beside it", async () => {
    let [running, most] = [0, 0];
    const aborted: boolean[] = [];
    runner = await run({
      name: "prune",
      everySeconds: 1,
      // Deaf on purpose: it hears the signal and goes on for two more slots.
      run: async (_slotMs, signal) => {
        running += 1;
        most = Math.max(most, running);
        await waitUntil(() => kinds().has("skipped"), { timeoutMs: 20_000 });
        aborted.push(signal.aborted);
        running -= 1;
        return null;
      },
    });
    await waitUntil(() => running === 1);
    await proxy.mode("blackhole");
    await waitUntil(() => kinds().has("lock-lost"));
    await proxy.mode("pass");
    await waitUntil(() => aborted.length > 0, { timeoutMs: 20_000 });
    expect(aborted[0]).toBe(true);
    expect(most).toBe(1);
    expect(kinds()).toContain("error");
  });

  it("does not touch what an operator disabled when it starts", async () => {
    const job: Job = { name: "prune", everySeconds: 60, run: async () => null };
    runner = await run(job);
    await runner.close(1_000);
    await documents().updateOne({ name: "prune" }, { $set: { disabled: true } });
    runner = await run(job, "here:2");
    expect(await documents().findOne({ name: "prune" })).toMatchObject({ disabled: true });
  });

  it("takes over a schedule of another interval", async () => {
    runner = await run({ name: "prune", everySeconds: 60, run: async () => null });
    await runner.close(1_000);
    runner = await run({ name: "prune", everySeconds: 1, run: async () => "often" }, "here:2");
    await waitUntil(() => kinds().has("ran"));
    expect(await documents().countDocuments()).toBe(1);
  });

  it("releases what it locked ahead of its time when it closes", async () => {
    runner = await run({ name: "prune", everySeconds: 10, run: async () => null });
    // Agenda locks what is due within its next look; this makes the job due then, and not before.
    await documents().updateOne({ name: "prune" }, { $set: { nextRunAt: new Date(Date.now() + 150) } });
    await waitUntil(async () => documents().findOne({ lockedAt: { $ne: null } }), { everyMs: 1 });
    await runner.close(1_000);
    expect(await documents().findOne({ lockedAt: { $ne: null } })).toBeNull();
  });
});
