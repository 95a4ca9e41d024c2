import { createMemoryJobBoard, createMemoryStore, createPresence, PresenceError } from "@presence/core";
import { manualClock } from "@presence/core/testing";
import type { HistoryStore, Sample } from "@presence/history";
import { describe, expect, it } from "vitest";
import { createJobs, type Job, type JobsOptions, oneAtATime, runJob } from "../src/index.ts";

const { signal } = new AbortController();

describe("createJobs", () => {
  const history: Pick<HistoryStore, "addSample" | "retain"> = {
    addSample: async () => {},
    retain: async () => ({ minutes: 0, hours: 0 }),
  };

  function jobsOver(presence: JobsOptions["presence"], options: Partial<JobsOptions> = {}): readonly Job[] {
    return createJobs({ presence, history, historyChannels: ["site"], ...options });
  }

  it("prunes each minute, and keeps a short summary", async () => {
    const store = createMemoryStore({ clock: manualClock() });
    const presence = createPresence({ store });
    const sightings = new Map([["site", new Map([["a", store.nowMs() - 61_000]])]]);
    await store.record(sightings, { nowMs: store.nowMs(), ttlSeconds: 180 });
    const prune = jobNamed("prune", jobsOver(presence));
    expect(prune.everySeconds).toBe(60);
    expect(await prune.run(0, signal)).toEqual({
      removed: 1,
      invalid: 0,
      remaining: 0,
      channels: 1,
      skipped: 0,
    });
  });

  it("samples each ten seconds, and keeps how many counts became history", async () => {
    const samples: Sample[] = [];
    const presence = createPresence({ store: createMemoryStore() });
    const options = {
      history: { ...history, addSample: async (sample: Sample) => void samples.push(sample) },
    };
    const sample = jobNamed("sample", jobsOver(presence, options));
    expect(sample.everySeconds).toBe(10);
    expect(await sample.run(0, signal)).toEqual({ sampled: 0, stale: 0, incomplete: 1 });
    expect(samples).toEqual([]);
  });

  it("lets go of old history each day, as of the slot, and makes up for a day nobody did", async () => {
    const asked: unknown[] = [];
    const options = {
      history: {
        ...history,
        retain: async (nowMs: number) => {
          asked.push(nowMs);
          return { minutes: 1_440, hours: 24 };
        },
      },
    };
    const presence = createPresence({ store: createMemoryStore() });
    const retain = jobNamed("retain", jobsOver(presence, options));
    expect([retain.everySeconds, retain.catchesUp]).toEqual([86_400, true]);
    expect(await retain.run(172_800_000, signal)).toEqual({ minutes: 1_440, hours: 24 });
    expect(asked).toEqual([172_800_000]);
  });

  it.each(["prune", "sample"])(
    "fails in %s, naming the channels it could not deal with and why",
    async (name) => {
      const refused = () => Promise.reject(new PresenceError("PRESENCE_STORE_REFUSED", "wrong type"));
      const presence = { store: createMemoryStore(), prune: refused, count: refused };
      await expect(jobNamed(name, jobsOver(presence)).run(0, signal)).rejects.toThrow(
        `1 of 1 channels could not be ${name}d: site (wrong type)`,
      );
    },
  );
});

describe("runJob", () => {
  it("hands over the slot that is now, and keeps what the run did", async () => {
    const board = createMemoryJobBoard();
    let nowMs = 125_000;
    const outcome = await runJob(
      job(async (slotMs) => {
        nowMs += 250;
        return { slotMs };
      }),
      { board, by: "here:1", nowMs: () => nowMs, signal, onSaveError: unexpected },
    );
    expect(outcome).toEqual({ ok: true, result: { slotMs: 120_000 } });
    expect(await board.runs()).toEqual([
      {
        job: "prune",
        by: "here:1",
        atMs: 125_000,
        elapsedMs: 250,
        ok: true,
        result: { slotMs: 120_000 },
        lastSuccessMs: 125_000,
      },
    ]);
  });

  it("keeps the reason of a failure, and when it last succeeded", async () => {
    const board = createMemoryJobBoard();
    const options = { board, by: "here:1", signal, onSaveError: unexpected };
    await runJob(
      job(async () => null),
      { ...options, nowMs: () => 1_000 },
    );
    const failure = new Error("no store");
    const outcome = await runJob(
      job(() => Promise.reject(failure)),
      { ...options, nowMs: () => 61_000 },
    );
    expect(outcome).toEqual({ ok: false, error: failure });
    expect(await board.runs()).toMatchObject([{ ok: false, result: "no store", lastSuccessMs: 1_000 }]);
  });

  it("tells of a board that cannot be written, and answers what the run did all the same", async () => {
    const lost = new Error("no board");
    const told: unknown[] = [];
    const outcome = await runJob(
      job(async () => "done"),
      {
        board: { saveRun: () => Promise.reject(lost) },
        by: "here:1",
        nowMs: () => 0,
        signal,
        onSaveError: (error) => told.push(error),
      },
    );
    expect(outcome).toEqual({ ok: true, result: "done" });
    expect(told).toEqual([lost]);
  });
});

describe("oneAtATime", () => {
  it("lets one run through, turns the others away meanwhile, and the next one in after", async () => {
    const { promise, resolve } = Promise.withResolvers<string>();
    const guarded = oneAtATime(() => promise);
    const first = guarded();
    expect(await Promise.all([guarded(), guarded()])).toEqual([{ ran: false }, { ran: false }]);
    resolve("done");
    expect(await first).toEqual({ ran: true, value: "done" });
    expect(await guarded()).toEqual({ ran: true, value: "done" });
  });

  it("is free again after a run that failed", async () => {
    let runs = 0;
    const guarded = oneAtATime(async () => {
      runs += 1;
      if (runs === 1) throw new Error("no");
      return runs;
    });
    await expect(guarded()).rejects.toThrow("no");
    expect(await guarded()).toEqual({ ran: true, value: 2 });
  });
});

function job(run: Job["run"]): Job {
  return { name: "prune", everySeconds: 60, run };
}

function unexpected(error: unknown): never {
  throw error;
}

function jobNamed(name: string, jobs: readonly Job[]): Job {
  const found = jobs.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no job ${name}`);
  return found;
}
