import { METHODS } from "node:http";
import type { Metrics } from "@presence/service-kit/metrics";

const BUCKETS = [0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];
const KNOWN_METHODS = new Set(METHODS);

/** A request that was answered. */
export interface AnsweredRequest {
  readonly method: string;
  /** The template of its path, of which there are few. */
  readonly route: string;
  readonly status: number;
  readonly seconds: number;
}

/** Requests by method, route and status; answers what to tell of each. */
export function addHttpMetrics(metrics: Metrics): (request: AnsweredRequest) => void {
  const requests = metrics.counter({
    name: "presence_http_requests_total",
    help: "Requests answered",
    labelNames: ["method", "route", "status"],
  });
  const duration = metrics.histogram({
    name: "presence_http_request_duration_seconds",
    help: "How long requests took to be answered; of streams, to be begun",
    labelNames: ["route"],
    buckets: BUCKETS,
  });
  return ({ method, route, status, seconds }) => {
    requests.inc({ method: KNOWN_METHODS.has(method) ? method : "other", route, status });
    duration.observe({ route }, seconds);
  };
}
