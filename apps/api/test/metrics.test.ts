import { machineRoutes } from "@presence/api-contract";
import { createMemoryStore, PresenceError, type PresenceStore } from "@presence/core";
import { manualClock } from "@presence/core/testing";
import { startProcess, waitUntil } from "@presence/testkit";
import { describe, expect, it, onTestFinished } from "vitest";
import { startJobs } from "../src/jobs.ts";
import { bearer, INGEST_TOKEN, problemOf, READ_TOKEN, startTestApi, type TestApi } from "./support/api.ts";

const contract = machineRoutes.getMetrics;
const TOKEN = "metrics-token-of-at-least-32-characters";
const env = { PRESENCE_METRICS_TOKEN: TOKEN, PRESENCE_CHANNELS: "site,page:*" };

/** Every sample by its name and labels, as it is told. */
async function scrape(api: TestApi): Promise<ReadonlyMap<string, number>> {
  const answer = await api.get("/metrics", { headers: bearer(TOKEN) });
  expect(answer.status).toBe(200);
  const lines = (await answer.text()).split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(
    lines.map((line) => {
      const cut = line.lastIndexOf(" ");
      return [line.slice(0, cut), Number(line.slice(cut + 1))];
    }),
  );
}

describe("GET /metrics", () => {
  it("is not there without a token of its own, whoever asks", async () => {
    const api = await startTestApi();
    expect(await problemOf(await api.get("/metrics"), contract)).toMatchObject({ status: 404 });
    expect(
      await problemOf(await api.get("/metrics", { headers: bearer(READ_TOKEN) }), contract),
    ).toMatchObject({
      code: "PRESENCE_NOT_FOUND",
    });
    expect(await api.num()).toBe(0);
  });

  it("takes its token and no other", async () => {
    const api = await startTestApi({ env });
    expect(await problemOf(await api.get("/metrics"), contract)).toMatchObject({ status: 401 });
    const wrong = await api.get("/metrics", { headers: bearer(READ_TOKEN) });
    expect(await problemOf(wrong, contract)).toMatchObject({ status: 403 });
    const right = await api.get("/metrics", { headers: bearer(TOKEN) });
    expect(right.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
  });

  it("has nothing promtool takes exception to", async () => {
    const api = await startTestApi({ env: { ...env, PRESENCE_BOTS: "separate" } });
    await api.visit("203.0.113.1");
    await api.get("/v1/online");
    startJobsUntilClosed(api);
    await waitUntil(async () => (await api.deps.presence.store.jobs.runs()).length > 0);
    await api.deps.presence.flush();
    const text = await (await api.get("/metrics", { headers: bearer(TOKEN) })).text();
    for (const name of [
      "presence_visitors_online{",
      "presence_job_runs_total{",
      "process_cpu_seconds_total ",
    ]) {
      expect(text).toContain(`\n${name}`);
    }
    const promtool = await startProcess("promtool", ["check", "metrics"]);
    promtool.write(text);
    promtool.endInput();
    expect([await promtool.exited, promtool.output]).toEqual([{ code: 0, signal: null }, ""]);
  });
});

describe("what the metrics tell", () => {
  it("who is online, whether that is complete, and who waits to be pruned", async () => {
    const clock = manualClock();
    const api = await startTestApi({ clock, env });
    await api.visit("203.0.113.1");
    await api.deps.presence.flush();
    clock.advance(61_000);
    await api.visit("203.0.113.2");
    await api.visit("203.0.113.3");
    const told = await scrape(api);
    expect(told.get('presence_visitors_online{channel="site"}')).toBe(2);
    expect(told.get('presence_visitors_online_complete{channel="site"}')).toBe(0);
    expect(told.get('presence_visitors_expired{channel="site"}')).toBe(1);
    expect(told.get("presence_store_up")).toBe(1);
  });

  it("what became of sightings, by where they came from", async () => {
    const api = await startTestApi({ env: { ...env, PRESENCE_IGNORE: "192.0.2.0/24" } });
    for (const address of ["203.0.113.1", "203.0.113.1", "203.0.113.2", "192.0.2.1"])
      await api.visit(address);
    await api.post("/v1/heartbeat", { channel: "page:/" });
    const sightings = [{ ip: "203.0.113.3" }, { ip: "nobody" }, { ip: "203.0.113.4", channel: "other" }];
    await api.post("/v1/sightings", { sightings }, bearer(INGEST_TOKEN));
    const told = await scrape(api);
    expect(told.get('presence_sightings_recorded_total{source="request"}')).toBe(4);
    expect(told.get('presence_sightings_recorded_total{source="bulk"}')).toBe(1);
    expect(told.get("presence_sightings_coalesced_total")).toBe(1);
    expect(told.get("presence_sightings_dropped_total")).toBe(0);
    expect(told.get('presence_sightings_refused_total{source="request",reason="ignored"}')).toBe(1);
    expect(told.get('presence_sightings_refused_total{source="request",reason="expired"}')).toBe(0);
    expect(told.get('presence_sightings_refused_total{source="bulk",reason="invalid-address"}')).toBe(1);
    expect(told.get('presence_sightings_refused_total{source="bulk",reason="channel-not-allowed"}')).toBe(1);
    await api.deps.presence.flush();
    const flushed = await scrape(api);
    expect(flushed.get("presence_visitors_flushed_total")).toBe(3);
    expect(flushed.get("presence_flush_duration_seconds_count")).toBeGreaterThan(0);
    expect(
      flushed.get('presence_store_operation_duration_seconds_count{operation="record"}'),
    ).toBeGreaterThan(1);
  });

  it("requests by the template of their route, whatever paths people try", async () => {
    const api = await startTestApi({ env });
    for (let page = 0; page < 20; page += 1) await api.visit("203.0.113.1", `/page/${page}`);
    await api.visit("203.0.113.1", "/mirror/a");
    await api.visit("203.0.113.1", "/mirror/b");
    await api.get("/user/online");
    await api.get("/user/online/");
    await api.get("/v1/online?window=0");
    await api.get("/dashboard/assets/main.js");
    await api.get("/dashboard/nothing");
    await api.get("/v1/online", { method: "BREW" }).catch(() => null);
    const told = await scrape(api);
    const requests = [...told].filter(([name]) => name.startsWith("presence_http_requests_total"));
    expect(new Map(requests)).toEqual(
      new Map([
        ['presence_http_requests_total{method="GET",route="other",status="404"}', 20],
        ['presence_http_requests_total{method="GET",route="/mirror/*",status="204"}', 2],
        ['presence_http_requests_total{method="GET",route="/user/online",status="200"}', 2],
        ['presence_http_requests_total{method="GET",route="/v1/online",status="400"}', 1],
        ['presence_http_requests_total{method="GET",route="/dashboard/*",status="404"}', 2],
      ]),
    );
    expect(told.get('presence_http_request_duration_seconds_count{route="other"}')).toBe(20);
  });

  it("runs of jobs: how many here, and when the last one anywhere succeeded", async () => {
    const clock = manualClock();
    const store = createMemoryStore({ clock });
    const startedMs = store.nowMs();
    const run = { job: "prune", by: "elsewhere:1", atMs: startedMs, elapsedMs: 7 };
    await store.jobs.saveRun({ ...run, ok: true, result: null });
    await store.jobs.saveRun({ ...run, atMs: startedMs + 60_000, ok: false, result: "away" });
    clock.advance(90_000);
    const api = await startTestApi({ store, env });
    startJobsUntilClosed(api);
    const told = await waitUntil(async () => {
      const now = await scrape(api);
      return now.has('presence_job_runs_total{name="retain",outcome="success"}') ? now : null;
    });
    expect(told.get('presence_job_last_success_age_seconds{name="prune"}')).toBe(90);
    const at = (atMs: number): number => atMs / 1_000;
    expect(told.get('presence_job_last_success_timestamp_seconds{name="prune"}')).toBe(at(startedMs));
    expect(told.get('presence_job_last_run_timestamp_seconds{name="prune"}')).toBe(at(startedMs + 60_000));
    expect(told.get('presence_job_duration_seconds_count{name="retain"}')).toBe(1);
  });

  it("streams that are open", async () => {
    const api = await startTestApi({ env });
    expect((await scrape(api)).get("presence_streams")).toBe(0);
    const leave = new AbortController();
    await api.get("/v1/online/stream", { signal: leave.signal });
    expect((await scrape(api)).get("presence_streams")).toBe(1);
    leave.abort();
    await waitUntil(async () => (await scrape(api)).get("presence_streams") === 0);
  });

  it("no number of a store that is away, neither an old one nor zero, and all else", async () => {
    const store = createMemoryStore();
    let isAway = false;
    const lost = new PresenceError("PRESENCE_STORE_UNAVAILABLE", "away");
    const comingAndGoing: PresenceStore = {
      ...store,
      count: async (...args) => (isAway ? Promise.reject(lost) : store.count(...args)),
      pruneBatch: async (...args) => (isAway ? Promise.reject(lost) : store.pruneBatch(...args)),
      isReady: () => !isAway,
      jobs: {
        ...store.jobs,
        runs: async () => (isAway ? Promise.reject(lost) : store.jobs.runs()),
      },
    };
    const api = await startTestApi({ store: comingAndGoing, env });
    await api.visit("203.0.113.1");
    expect((await scrape(api)).get('presence_visitors_online{channel="site"}')).toBe(1);
    isAway = true;
    // Nobody shares the answer of before any more.
    await waitUntil(async () => (await scrape(api)).get("presence_store_up") === 0);
    const told = await waitUntil(async () => {
      const now = await scrape(api);
      return now.has('presence_visitors_online{channel="site"}') ? null : now;
    });
    expect(told.has('presence_visitors_expired{channel="site"}')).toBe(false);
    expect(told.get('presence_store_operation_failures_total{operation="count"}')).toBeGreaterThan(0);
    expect(told.get('presence_sightings_recorded_total{source="request"}')).toBe(1);
  });
});

function startJobsUntilClosed({ deps }: TestApi): void {
  const jobs = startJobs(deps);
  onTestFinished(() => jobs.close());
}
