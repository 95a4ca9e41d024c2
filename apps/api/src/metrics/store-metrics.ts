import type { PresenceStore } from "@presence/core";
import type { Metrics } from "@presence/service-kit/metrics";

/** From what Redis takes on the same machine to what callers wait for it at most. */
const BUCKETS = [0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 2.5];

const OPERATIONS = ["record", "count", "list", "pruneBatch", "forget", "channels", "uniques"] as const;

/** Answers the same store, whose calls are measured. */
export function addStoreMetrics(
  metrics: Metrics,
  steadyMs: () => number,
): (store: PresenceStore) => PresenceStore {
  const duration = metrics.histogram({
    name: "presence_store_operation_duration_seconds",
    help: "How long the store took to answer, failed calls included",
    labelNames: ["operation"],
    buckets: BUCKETS,
  });
  const failures = metrics.counter({
    name: "presence_store_operation_failures_total",
    help: "Calls the store did not answer or refused",
    labelNames: ["operation"],
  });

  function measured<Args extends readonly unknown[], T>(
    operation: (typeof OPERATIONS)[number],
    call: (...args: Args) => Promise<T>,
  ): (...args: Args) => Promise<T> {
    const labels = { operation };
    return async (...args) => {
      const startedMs = steadyMs();
      try {
        return await call(...args);
      } catch (error) {
        failures.inc(labels);
        throw error;
      } finally {
        duration.observe(labels, (steadyMs() - startedMs) / 1_000);
      }
    };
  }

  for (const operation of OPERATIONS) failures.inc({ operation }, 0);
  return (store) => ({
    ...store,
    record: measured("record", store.record),
    count: measured("count", store.count),
    list: measured("list", store.list),
    pruneBatch: measured("pruneBatch", store.pruneBatch),
    forget: measured("forget", store.forget),
    channels: measured("channels", store.channels),
    uniques: measured("uniques", store.uniques),
  });
}
