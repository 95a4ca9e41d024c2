import { describe, expect, it } from "vitest";
import { createMemoryStore, PresenceError, type PresenceStore, type WriterProfile } from "@presence/core";
import { manualClock } from "@presence/core/testing";
import { problemOf, startTestApi } from "../support/api.ts";
import { codes, finding, look } from "../support/diagnostics.ts";

const away = (): Promise<never> => Promise.reject(new PresenceError("PRESENCE_STORE_UNAVAILABLE", "away"));

describe("GET /v1/diagnostics", () => {
  it("says what this process is, and that all is well", async () => {
    const clock = manualClock();
    const api = await startTestApi({ clock });
    await api.deps.presence.flush();
    clock.advance(1_000);
    const { writer } = api.deps.presence;
    const profile = { identity: "ip", ipv6Prefix: 64, windowSeconds: 60, shards: 1 };
    expect(await look(api)).toMatchObject({
      asOf: new Date(clock.wallMs()).toISOString(),
      instance: { id: writer.id, version: "0.1.0", mode: "embedded", jobs: "in-process" },
      store: { name: "memory", ready: true, clock: { offsetMs: 0, settled: true, roundTripMs: 0 } },
      identity: profile,
      writers: [{ id: writer.id, agrees: true, profile }],
      recorder: { recorded: 0, pending: 0 },
      findings: [],
    });
  });

  it("is for admins", async () => {
    const api = await startTestApi();
    expect(await problemOf(await api.get("/v1/diagnostics"))).toMatchObject({ status: 401 });
  });
});

describe("a store that is away", () => {
  it("is a finding, and everything else is still answered", async () => {
    const store = createMemoryStore();
    let isAway = false;
    const askable: PresenceStore = {
      ...store,
      isReady: () => !isAway,
      state: () => (isAway ? away() : store.state()),
      jobs: { ...store.jobs, runs: () => (isAway ? away() : store.jobs.runs()) },
    };
    const api = await startTestApi({ store: askable });
    await api.visit("203.0.113.1");
    isAway = true;
    expect(await finding(api, "store-unreachable")).toMatchObject({ severity: "fail" });
    expect(await look(api)).toMatchObject({
      store: { ready: false, latencyMs: null, epoch: null, since: null },
      writers: [{ agrees: true }],
      tally: { requests: 1 },
    });
    isAway = false;
    expect(await codes(api)).toEqual([]);
  });
});

describe("the store's clock", () => {
  it.each([
    [{ offsetMs: -90_000, settled: false, roundTripMs: 0.2 }, "clock-jumped", "90 s behind"],
    [{ offsetMs: 2_500, settled: true, roundTripMs: 0.2 }, "clock-differs", "2.5 s ahead"],
  ])("is a finding where it is %j", async (reading, code, words) => {
    const api = await startTestApi({ store: { ...createMemoryStore(), clock: () => reading } });
    expect((await finding(api, code)).detail).toContain(words);
  });
});

describe("writers that disagree", () => {
  const own: WriterProfile = { identity: "ip", ipv6Prefix: 64, windowSeconds: 60, shards: 1 };

  it("are a finding that names what differs and what to set, and the log warns of it", async () => {
    const clock = manualClock();
    const store = createMemoryStore({ clock });
    const api = await startTestApi({ store });
    const register = (id: string, profile: WriterProfile) =>
      store.register({ id, ...profile }, { nowMs: store.nowMs(), ttlSeconds: 180 });
    await register("same", own);
    expect(await codes(api)).toEqual([]);
    await register("other", { ...own, identity: "hashed", windowSeconds: 300 });
    expect(await finding(api, "writers-disagree")).toMatchObject({
      severity: "fail",
      detail: expect.stringMatching(
        /^1 of 3 .*PRESENCE_IDENTITY \(hashed; here ip\).*PRESENCE_WINDOW_SECONDS \(300; here 60\)/,
      ),
      remedy: "Give all of them the same PRESENCE_IDENTITY, PRESENCE_WINDOW_SECONDS.",
    });
    expect((await look(api)).writers.map(({ id, agrees }) => [id, agrees])).toContainEqual(["other", false]);
    expect(api.log()).toContain("Processes that record into this store disagree");
    // Who is gone disagrees no longer.
    clock.advance(15_001);
    expect(await codes(api)).toEqual([]);
  });
});

describe("jobs", () => {
  it("are a finding where nobody has pruned for five minutes, and whoever prunes mends it", async () => {
    const clock = manualClock();
    const api = await startTestApi({ clock, env: { PRESENCE_JOBS: "off" } });
    clock.advance(299_999);
    expect(await codes(api)).toEqual([]);
    clock.advance(1);
    expect((await finding(api, "prune-late")).remedy).toContain("PRESENCE_JOBS=in-process");
    const { jobs, nowMs } = api.deps.presence.store;
    const run = { job: "prune", by: "elsewhere:1", elapsedMs: 3 };
    await jobs.saveRun({ ...run, atMs: nowMs(), ok: true, result: {} });
    expect(await codes(api)).toEqual([]);
    await jobs.saveRun({ ...run, atMs: nowMs(), ok: false, result: "WRONGTYPE" });
    expect((await finding(api, "job-failed")).detail).toBe("prune on elsewhere:1: WRONGTYPE.");
  });
});

describe("access", () => {
  it("is a finding where nobody has an admin token", async () => {
    const api = await startTestApi({ env: { PRESENCE_ADMIN_TOKENS: "", HOST: "0.0.0.0" } });
    const { findings } = await api.deps.diagnostics.look();
    expect(findings).toMatchObject([{ code: "no-admin-token", detail: expect.stringContaining("0.0.0.0") }]);
  });

  it.each([
    ["http://presence.example.com", ["tokens-in-clear"]],
    ["https://presence.example.com", []],
    ["http://localhost:3000", []],
    ["http://[::1]:3000", []],
    ["http://10.0.0.7:3000", []],
  ])("through %s is %j", async (url, expected) => {
    const api = await startTestApi({ env: { PRESENCE_PUBLIC_URL: url } });
    expect(await codes(api)).toEqual(expected);
  });
});

describe("findings over time", () => {
  it("keep the time they were first seen, and are told to the log once", async () => {
    const clock = manualClock();
    const reading = { offsetMs: 2_500, settled: true, roundTripMs: 0.2 };
    let isOff = true;
    const store = createMemoryStore({ clock });
    const api = await startTestApi({
      store: { ...store, clock: () => (isOff ? reading : store.clock()) },
    });
    const lines = (): number => api.log().split("The clocks of Redis and of this machine differ").length - 1;
    const sinceAt = async (): Promise<string> => (await finding(api, "clock-differs")).sinceAt;
    const first = await sinceAt();
    clock.advance(60_000);
    expect(await sinceAt()).toBe(first);
    isOff = false;
    await look(api);
    isOff = true;
    expect(await sinceAt()).not.toBe(first);
    expect(lines()).toBe(1);
    // After an hour without it, it is news again.
    isOff = false;
    clock.advance(3_600_001);
    await look(api);
    isOff = true;
    await look(api);
    expect(lines()).toBe(2);
  });
});
