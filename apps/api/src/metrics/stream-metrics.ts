import type { Metrics } from "@presence/service-kit/metrics";
import type { StreamHub } from "../stream/stream-hub.ts";

/** The streams of this process. */
export function addStreamMetrics(metrics: Metrics, streams: Pick<StreamHub, "stats">): void {
  const open = metrics.gauge({ name: "presence_streams", help: "Streams of counts that are open" });
  const refused = metrics.counter({
    name: "presence_streams_refused_total",
    help: "Streams refused for the limit of the client or of the process",
  });
  const slow = metrics.counter({
    name: "presence_streams_slow_total",
    help: "Streams ended because their reader did not keep up",
  });
  metrics.beforeScrape(() => {
    const stats = streams.stats();
    open.set(stats.open);
    refused.reset();
    refused.inc(stats.refused);
    slow.reset();
    slow.inc(stats.slow);
  });
}
