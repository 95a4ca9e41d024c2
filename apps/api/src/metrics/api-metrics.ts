import type { NoVisitorReason } from "@presence/client-address";
import type { PresenceEvent, PresenceStore } from "@presence/core";
import type { EndedRun } from "@presence/service-kit";
import { addJobMetrics, addProcessMetrics, createMetrics, type Scrape } from "@presence/service-kit/metrics";
import type { AppDeps } from "../app-deps.ts";
import type { Ingest } from "../ingest.ts";
import { addHttpMetrics, type AnsweredRequest } from "./http-metrics.ts";
import { addSightingMetrics } from "./sighting-metrics.ts";
import { addStoreMetrics } from "./store-metrics.ts";
import { addStreamMetrics } from "./stream-metrics.ts";
import { addVisitorMetrics } from "./visitor-metrics.ts";

/** What the parts of the API tell of themselves, for those who scrape it. */
export interface ApiMetrics {
  /** Answers the same store, whose calls are measured. */
  measuring(store: PresenceStore): PresenceStore;
  /** Answers the same ingest, whose sightings are counted. */
  counting(ingest: Ingest): Ingest;
  readonly onNobody: (reason: NoVisitorReason) => void;
  readonly onPresenceEvent: (event: PresenceEvent) => void;
  readonly onRequest: (request: AnsweredRequest) => void;
  readonly onJobRun: (run: EndedRun) => void;
  /** Tells of what these have counted, from now on; once. */
  watch(deps: AppDeps): void;
  scrape(): Promise<Scrape>;
}

/** Everything `/metrics` tells, all of it under `presence_` but the figures of the process. */
export function createApiMetrics(steadyMs: () => number): ApiMetrics {
  const metrics = createMetrics();
  const sightings = addSightingMetrics(metrics);
  const jobs = addJobMetrics(metrics);
  addProcessMetrics(metrics);
  return {
    measuring: addStoreMetrics(metrics, steadyMs),
    counting: sightings.counting,
    onNobody: sightings.onNobody,
    onPresenceEvent: sightings.onEvent,
    onRequest: addHttpMetrics(metrics),
    onJobRun: jobs.onRun,
    watch(deps) {
      const { logger, presence, streams } = deps;
      addVisitorMetrics(metrics, deps);
      addStreamMetrics(metrics, streams);
      sightings.watch(presence);
      jobs.watch({
        board: presence.store.jobs,
        nowMs: presence.store.nowMs,
        onError: (error) => logger.debug({ err: error }, "the last runs of jobs cannot be read"),
      });
    },
    scrape: () => metrics.scrape(),
  };
}
