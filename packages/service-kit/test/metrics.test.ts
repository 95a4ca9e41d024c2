import { createMemoryJobBoard } from "@presence/core";
import { addJobMetrics, addProcessMetrics, createMetrics } from "@presence/service-kit/metrics";
import { describe, expect, it } from "vitest";

describe("createMetrics", () => {
  it("tells what was counted, and what is collected ahead of a scrape however long that takes", async () => {
    const metrics = createMetrics();
    const counter = metrics.counter({ name: "a_total", help: "A", labelNames: ["kind"] });
    const gauge = metrics.gauge({ name: "b_seconds", help: "B" });
    metrics.beforeScrape(async () => {
      await new Promise(setImmediate);
      gauge.set(1.5);
    });
    counter.inc({ kind: "x" });
    const { contentType, text } = await metrics.scrape();
    expect(contentType).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(text).toContain('a_total{kind="x"} 1\n');
    expect(text).toContain("b_seconds 1.5\n");
  });

  it("shares nothing with metrics made elsewhere", async () => {
    const metrics = createMetrics();
    metrics.counter({ name: "a_total", help: "A" });
    expect((await createMetrics().scrape()).text).not.toContain("a_total");
  });

  it("fails a scrape whose figures cannot be collected", async () => {
    const metrics = createMetrics();
    metrics.beforeScrape(() => {
      throw new Error("no figures");
    });
    await expect(metrics.scrape()).rejects.toThrow("no figures");
  });
});

describe("addProcessMetrics", () => {
  it("tells of the processor, memory and the event loop in base units", async () => {
    const metrics = createMetrics();
    addProcessMetrics(metrics);
    const { text } = await metrics.scrape();
    const valueOf = (name: string): number => Number(new RegExp(`^${name} (.*)$`, "m").exec(text)?.[1]);
    expect(valueOf("process_cpu_seconds_total")).toBeGreaterThan(0);
    expect(valueOf("process_resident_memory_bytes")).toBeGreaterThan(10_000_000);
    expect(valueOf("process_start_time_seconds")).toBeLessThan(Date.now() / 1_000);
    expect(valueOf("process_start_time_seconds")).toBeGreaterThan(Date.now() / 1_000 - 3_600);
    expect(valueOf("nodejs_heap_used_bytes")).toBeLessThan(valueOf("nodejs_heap_limit_bytes"));
    expect(valueOf("nodejs_eventloop_delay_max_seconds")).toBeGreaterThanOrEqual(0);
  });
});

describe("addJobMetrics", () => {
  it("counts the runs of this process, and tells the last ones of all", async () => {
    const metrics = createMetrics();
    const { onRun, watch } = addJobMetrics(metrics);
    const board = createMemoryJobBoard();
    watch({ board, nowMs: () => 100_000, onError: unexpected });
    const run = { job: "prune", by: "a", atMs: 40_000, elapsedMs: 250, ok: true, result: null };
    await board.saveRun(run);
    onRun(run);
    onRun({ ...run, ok: false });
    const { text } = await metrics.scrape();
    expect(text).toContain('presence_job_runs_total{name="prune",outcome="success"} 1\n');
    expect(text).toContain('presence_job_runs_total{name="prune",outcome="failure"} 1\n');
    expect(text).toContain('presence_job_duration_seconds_bucket{le="0.5",name="prune"} 2\n');
    expect(text).toContain('presence_job_last_success_age_seconds{name="prune"} 60\n');
  });

  it("leaves out the last runs while the board cannot be read, and tells of that", async () => {
    const metrics = createMetrics();
    const { watch } = addJobMetrics(metrics);
    const told: unknown[] = [];
    const lost = new Error("away");
    watch({
      board: { runs: () => Promise.reject(lost) },
      nowMs: () => 0,
      onError: (error) => told.push(error),
    });
    expect((await metrics.scrape()).text).not.toContain("presence_job_last_run_timestamp_seconds{");
    expect(told).toEqual([lost]);
  });
});

function unexpected(error: unknown): never {
  throw error;
}
