import type { ApiConfig } from "../config.ts";
import type { ApiMetrics } from "./api-metrics.ts";

/** The metrics, or `null` where nobody may scrape them: then they cost nothing, not even their library's loading. */
export async function openMetrics(
  { tokens, metricsPort }: ApiConfig,
  steadyMs: () => number,
): Promise<ApiMetrics | null> {
  if (tokens.metrics.length === 0 && metricsPort === null) return null;
  const { createApiMetrics } = await import("./api-metrics.ts");
  return createApiMetrics(steadyMs);
}
