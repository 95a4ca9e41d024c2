import { readdirSync } from "node:fs";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { getHeapStatistics } from "node:v8";
import type { Metrics } from "./metrics.ts";

const NANOSECONDS = 1e9;
const MICROSECONDS = 1e6;
const MILLISECONDS = 1e3;
const QUANTILES = [
  { name: "p50", percentile: 50 },
  { name: "p99", percentile: 99 },
  { name: "max", percentile: 100 },
] as const;

/**
 * Figures of this process under the names Prometheus' own documentation gives them. The client library's ready-made
 * set has five that `promtool check metrics` takes exception to.
 */
export function addProcessMetrics(metrics: Metrics): void {
  const cpu = metrics.counter({
    name: "process_cpu_seconds_total",
    help: "Time the processor spent on this process, user and system",
  });
  const memory = metrics.gauge({
    name: "process_resident_memory_bytes",
    help: "Memory this process holds",
  });
  const start = metrics.gauge({
    name: "process_start_time_seconds",
    help: "When this process began, in Unix time",
  });
  const heapUsed = metrics.gauge({ name: "nodejs_heap_used_bytes", help: "Memory JavaScript objects take" });
  const heapLimit = metrics.gauge({
    name: "nodejs_heap_limit_bytes",
    help: "Memory JavaScript objects may take before the process ends",
  });
  const delays = QUANTILES.map(({ name, percentile }) => ({
    percentile,
    gauge: metrics.gauge({
      name: `nodejs_eventloop_delay_${name}_seconds`,
      help: `How late the event loop came to its turns since the last scrape: ${name}`,
    }),
  }));
  const startedSeconds = performance.timeOrigin / MILLISECONDS;
  const lateness = monitorEventLoopDelay({ resolution: 20 });
  lateness.enable();
  metrics.beforeScrape(() => {
    const { user, system } = process.cpuUsage();
    cpu.reset();
    cpu.inc((user + system) / MICROSECONDS);
    memory.set(process.memoryUsage.rss());
    start.set(startedSeconds);
    const heap = getHeapStatistics();
    heapUsed.set(heap.used_heap_size);
    heapLimit.set(heap.heap_size_limit);
    for (const { gauge, percentile } of delays) gauge.set(lateness.percentile(percentile) / NANOSECONDS);
    lateness.reset();
  });
  addFileMetrics(metrics);
}

/** Only Linux tells of open files without a program of its own. */
function addFileMetrics(metrics: Metrics): void {
  if (process.platform !== "linux") return;
  const files = metrics.gauge({
    name: "process_open_fds",
    help: "Files and connections this process has open",
  });
  metrics.beforeScrape(() => files.set(readdirSync("/proc/self/fd").length));
}
