export { createMetrics, type Metrics, type Scrape } from "./metrics/metrics.ts";
export { addJobMetrics, type JobMetricsOptions } from "./metrics/job-metrics.ts";
export { addProcessMetrics } from "./metrics/process-metrics.ts";
