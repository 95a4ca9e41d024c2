import type { NoVisitorReason } from "@presence/client-address";
import type { Presence, PresenceEvent } from "@presence/core";
import type { Metrics } from "@presence/service-kit/metrics";
import type { Ingest } from "../ingest.ts";

const FLUSH_BUCKETS = [0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 2.5];

/** Told by those who take sightings. */
export interface SightingMetrics {
  /** A request made no sighting. */
  readonly onNobody: (reason: NoVisitorReason) => void;
  readonly onEvent: (event: PresenceEvent) => void;
  /** Answers the same ingest, whose sightings are counted. */
  readonly counting: (ingest: Ingest) => Ingest;
  /** Tells of what `presence` counts from now on. */
  readonly watch: (presence: Pick<Presence, "stats">) => void;
}

/** What became of sightings: those of requests to this process, and those that others collected (`bulk`). */
export function addSightingMetrics(metrics: Metrics): SightingMetrics {
  const recorded = metrics.counter({
    name: "presence_sightings_recorded_total",
    help: "Sightings taken",
    labelNames: ["source"],
  });
  const refused = metrics.counter({
    name: "presence_sightings_refused_total",
    help: "Sightings not taken, by reason",
    labelNames: ["source", "reason"],
  });
  const coalesced = metrics.counter({
    name: "presence_sightings_coalesced_total",
    help: "Sightings taken that were merged with one still waiting",
  });
  const dropped = metrics.counter({
    name: "presence_sightings_dropped_total",
    help: "Sightings lost for want of room in the buffer",
  });
  const pending = metrics.gauge({
    name: "presence_visitors_pending",
    help: "Visitors in the buffer that wait for the store",
  });
  const flushed = metrics.counter({
    name: "presence_visitors_flushed_total",
    help: "Visitors written to the store out of the buffer",
  });
  const failures = metrics.counter({
    name: "presence_flush_failures_total",
    help: "Flushes of the buffer the store did not take; they are tried again",
  });
  const duration = metrics.histogram({
    name: "presence_flush_duration_seconds",
    help: "How long flushes of the buffer took that the store took",
    buckets: FLUSH_BUCKETS,
  });
  const nobody = new Map<NoVisitorReason, number>();
  const bulk = { accepted: 0, rejected: new Map<string, number>() };

  function tellSightings({ recorded: taken, refused: byReason }: ReturnType<Presence["stats"]>): void {
    recorded.reset();
    recorded.inc({ source: "request" }, taken);
    recorded.inc({ source: "bulk" }, bulk.accepted);
    refused.reset();
    const { full, ...notTaken } = byReason;
    for (const [reason, times] of [...Object.entries(notTaken), ...nobody]) {
      refused.inc({ source: "request", reason }, times);
    }
    for (const [reason, times] of bulk.rejected) refused.inc({ source: "bulk", reason }, times);
    dropped.reset();
    dropped.inc(full);
  }

  return {
    onNobody: (reason) => addOne(nobody, reason),
    onEvent(event) {
      if (event.kind === "flushed") duration.observe(event.elapsedMs / 1_000);
    },
    counting: (ingest) => async (items) => {
      const answer = await ingest(items);
      bulk.accepted += answer.accepted;
      for (const { code } of answer.rejected) addOne(bulk.rejected, reasonOf(code));
      return answer;
    },
    watch(presence) {
      metrics.beforeScrape(() => {
        const stats = presence.stats();
        tellSightings(stats);
        for (const [counter, total] of [
          [coalesced, stats.coalesced],
          [flushed, stats.flushed],
          [failures, stats.failedFlushes],
        ] as const) {
          counter.reset();
          counter.inc(total);
        }
        pending.set(stats.pending);
      });
    },
  };
}

function addOne<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** `PRESENCE_TIME_EXPIRED` as `time-expired`, in the manner of the other reasons. */
function reasonOf(code: string): string {
  return code.slice("PRESENCE_".length).toLowerCase().replaceAll("_", "-");
}
