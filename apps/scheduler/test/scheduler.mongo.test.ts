import { connectMongoHistoryStore } from "@presence/history/mongo";
import { createLogger } from "@presence/service-kit";
import { freePort, startFaultProxy, waitUntil } from "@presence/testkit";
import { describe, expect, it } from "vitest";
import { loadSchedulerConfig } from "../src/config.ts";
import { type StartedScheduler, startScheduler } from "../src/scheduler.ts";
import { endedRuns, mostAtOnce, probesOf, startWorld, TENTH } from "./support/world.ts";

const silent = createLogger({ name: "test", level: "silent" });

describe.concurrent("a scheduler", { timeout: 90_000 }, () => {
  it("prunes in each slot, says so on the job board, and answers its probes", async () => {
    await using world = await startWorld();
    await world.fillWithExpired(3_000);
    const scheduler = await world.program();
    const probes = await probesOf(scheduler);
    await waitUntil(() => scheduler.stdout.includes('"removed":3000'), { timeoutMs: 30_000 });
    expect(await world.members()).toBe(0);
    // Of the run that removed them, or of the next one.
    expect(await waitUntil(async () => world.lastRun("prune"))).toMatchObject({
      ok: true,
      by: expect.stringContaining(`:${scheduler.pid}:`),
      result: { removed: expect.any(Number), invalid: 0, remaining: 0, channels: 1, skipped: 0 },
    });
    expect((await fetch(`${probes}/live`)).status).toBe(200);
    const ready = await fetch(`${probes}/ready`);
    expect(ready.status).toBe(200);
    expect(await ready.json()).toMatchObject({ status: "ready", store: "ok", mongodb: "ok", failedRuns: 0 });
    await waitUntil(() => endedRuns(scheduler) >= 2, { timeoutMs: 30_000, what: "the next slot" });
  });

  it("samples what is online into MongoDB, never an incomplete count, and keeps who did", async () => {
    await using world = await startWorld();
    const window = { PRESENCE_WINDOW_SECONDS: "1" };
    const scheduler = await world.program(TENTH, world.mongoUrl, window);
    await waitUntil(async () => (await world.lastRun("sample"))?.ok, { timeoutMs: 30_000 });
    expect(await world.lastRun("sample")).toMatchObject({
      by: expect.stringContaining(`:${scheduler.pid}:`),
      result: { sampled: 0, stale: 0, incomplete: 1 },
    });
    await using writer = await world.writer(1);
    const history = connectMongoHistoryStore({ url: world.mongoUrl });
    const peak = await waitUntil(
      async () => {
        writer.presence.record("203.0.113.1");
        writer.presence.record("203.0.113.2");
        const { allTime } = await history.peaks("site", Date.now());
        // A sample between two of their sightings finds nobody, which is the truth.
        return allTime?.count === 2 && allTime;
      },
      { timeoutMs: 30_000, everyMs: 100 },
    );
    await history.close();
    expect(peak.atMs).toBeGreaterThan(0);
  });

  it("ends on SIGTERM within the drain, with exit 0, and leaves no lock behind", async () => {
    await using world = await startWorld();
    await world.fillWithExpired(200_000);
    const scheduler = await world.program({ ...TENTH, batch: 20 });
    await waitUntil(() => scheduler.stdout.includes("begin prune"), { timeoutMs: 30_000 });
    const startedMs = performance.now();
    expect(await scheduler.stop()).toEqual({ code: 0, signal: null });
    expect(performance.now() - startedMs).toBeLessThan(5_000);
    expect(scheduler.stdout).toContain("end prune");
    expect(await world.members()).toBeGreaterThan(0);
    await world.documents(async (documents) => {
      expect(await documents.countDocuments({ lockedAt: { $ne: null } })).toBe(0);
    });
  });

  it("leaves the schedule and a live lock of another one as they are when it starts", async () => {
    await using world = await startWorld();
    const options = { ...TENTH, batch: 5 };
    await world.fillWithExpired(200_000);
    const first = await world.program(options);
    await waitUntil(() => first.stdout.includes("begin prune"), { timeoutMs: 30_000 });
    const second = await world.program(options);
    await waitUntil(() => second.stdout.includes("jobs run"));
    await world.documents(async (documents) => {
      const document = await documents.findOne({ name: "prune" });
      expect(document?.lastModifiedBy).toContain(`:${first.pid}:`);
      expect(document?.lockedAt).toBeInstanceOf(Date);
    });
    expect(endedRuns(first)).toBe(0);
  });

  it("makes one document per job when five start at once, 20 times on an empty database", async () => {
    await using world = await startWorld();
    for (let round = 0; round < 20; round++) {
      const url = world.mongo.freshDatabase();
      const config = loadSchedulerConfig({ REDIS_URL: world.redis.url, MONGODB_URL: url, PORT: "0" });
      const started: StartedScheduler[] = await Promise.all(
        Array.from({ length: 5 }, () => startScheduler(config, silent)),
      );
      await Promise.all(started.map(({ running }) => running));
      await world.documents(async (documents) => {
        const found = await documents.find().toArray();
        const jobs = found.map(({ name, type }) => `${name} ${type}`).toSorted();
        expect(jobs).toEqual(["prune single", "retain single", "sample single"]);
      }, url);
      await Promise.all(started.map((each) => each.close()));
    }
  });

  it("keeps one document of each job where there were several from before", async () => {
    await using world = await startWorld();
    await world.documents(async (documents) => {
      for (let copy = 0; copy < 3; copy++) await documents.insertOne({ name: "prune", type: "single" });
    });
    const scheduler = await world.program();
    await waitUntil(() => scheduler.stdout.includes("jobs run"));
    await world.documents(async (documents) => {
      // While it runs, a job has no next run.
      const scheduled = { name: "prune", nextRunAt: { $type: "date" } } as const;
      await waitUntil(async () => documents.findOne(scheduled), { timeoutMs: 30_000 });
      expect(await documents.find({ name: "prune" }).toArray()).toMatchObject([
        { name: "prune", repeatInterval: "*/6 * * * * *" },
      ]);
    });
  });

  it("waits for a MongoDB that is away at start, alive but not ready, and runs once it is there", async () => {
    await using world = await startWorld();
    await using proxy = await startFaultProxy({ targetPort: world.mongo.port });
    await proxy.mode("refuse");
    const scheduler = await world.program(TENTH, proxy.url("mongodb"));
    const probes = await probesOf(scheduler);
    await waitUntil(() => scheduler.stdout.includes("MongoDB cannot be used yet"));
    expect((await fetch(`${probes}/live`)).status).toBe(200);
    const ready = await fetch(`${probes}/ready`);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toMatchObject({ status: "starting", mongodb: "degraded" });
    await proxy.mode("pass");
    await waitUntil(async () => (await fetch(`${probes}/ready`)).status === 200);
  });

  it("gives up with exit 1 and the reason when MongoDB stays away beyond the limit", async () => {
    await using world = await startWorld();
    const options = { ...TENTH, times: { ...TENTH.times, mongoLimitMs: 1_500 } };
    const scheduler = await world.program(options, await nobodysUrl());
    expect(await scheduler.exited).toEqual({ code: 1, signal: null });
    expect(scheduler.stderr).toMatch(/MongoDB could not be used for 1\.5 s: .*ECONNREFUSED.*MONGODB_URL/);
    expect(scheduler.stderr).not.toContain("    at ");
  });

  it("ends at once on SIGTERM while it waits for MongoDB", async () => {
    await using world = await startWorld();
    const scheduler = await world.program(TENTH, await nobodysUrl());
    await waitUntil(() => scheduler.stdout.includes("MongoDB cannot be used yet"));
    expect(await scheduler.stop()).toEqual({ code: 0, signal: null });
  });

  it("names every problem of its configuration at once, and exits 78", async () => {
    await using world = await startWorld();
    const scheduler = await world.main({ PORT: "port", PRESENCE_WINDOW_SECONDS: "0" });
    expect(await scheduler.exited).toEqual({ code: 78, signal: null });
    for (const name of ["PORT", "PRESENCE_WINDOW_SECONDS", "REDIS_URL", "MONGODB_URL"]) {
      expect(scheduler.stderr).toContain(name);
    }
  });

  it("says which port is in use, and exits 1", async () => {
    await using world = await startWorld();
    const port = String(world.redis.port);
    const scheduler = await world.main({
      REDIS_URL: world.redis.url,
      MONGODB_URL: world.mongoUrl,
      PORT: port,
    });
    expect(await scheduler.exited).toEqual({ code: 1, signal: null });
    expect(scheduler.stderr).toBe(
      `Port ${port} of 127.0.0.1 is in use. Stop the program that has it, or set PORT to another one.\n`,
    );
  });

  it("fails a run while Redis is away, counts it, and prunes after its return", async () => {
    await using world = await startWorld();
    const scheduler = await world.program({ ...TENTH, everySeconds: 2 });
    const probes = await probesOf(scheduler);
    await waitUntil(() => endedRuns(scheduler) > 0);
    await world.redis.kill();
    await waitUntil(async () => /"failedRuns":[1-9]/.test(await (await fetch(`${probes}/ready`)).text()));
    await world.redis.restart();
    await world.fillWithExpired(1_000);
    await waitUntil(async () => (await world.members()) === 0);
    expect(mostAtOnce(scheduler)).toBe(1);
  });
});

/** A MongoDB that is not there. */
async function nobodysUrl(): Promise<string> {
  return `mongodb://127.0.0.1:${await freePort()}/presence`;
}
