import { Counter, Gauge, Histogram, Registry } from "@prometheus-io/client";

/** What a metric is called, and what it says. */
export interface MetricOptions<Label extends string> {
  /** By the conventions of Prometheus: base units, `_total` for counters. https://prometheus.io/docs/practices/naming/ */
  readonly name: string;
  /** One sentence, without a full stop. */
  readonly help: string;
  /** Bounded ones only: each combination of their values is kept for ever. */
  readonly labelNames?: readonly Label[];
}

/** An answer to whoever scrapes. */
export interface Scrape {
  readonly contentType: string;
  readonly text: string;
}

/** The metrics of one process. */
export interface Metrics {
  counter<Label extends string>(options: MetricOptions<Label>): Counter<Label>;
  gauge<Label extends string>(options: MetricOptions<Label>): Gauge<Label>;
  /** Of seconds; `buckets` are upper bounds, inclusive. */
  histogram<Label extends string>(
    options: MetricOptions<Label> & { readonly buckets: readonly number[] },
  ): Histogram<Label>;
  /** Calls `collect` ahead of each scrape: for what is counted elsewhere. */
  beforeScrape(collect: () => void | Promise<void>): void;
  /** All metrics in Prometheus' text format. Rejects with the error of a `collect`. */
  scrape(): Promise<Scrape>;
}

/** Metrics of their own: nothing is shared with other code that uses the same library. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry as Registry<typeof Registry.PROMETHEUS_CONTENT_TYPE>];
  const collectors: (() => void | Promise<void>)[] = [];
  return {
    counter: (options) => new Counter({ ...options, registers }),
    gauge: (options) => new Gauge({ ...options, registers }),
    histogram: ({ buckets, ...options }) => new Histogram({ ...options, buckets: [...buckets], registers }),
    beforeScrape: (collect) => void collectors.push(collect),
    async scrape() {
      // Ahead of all, as the library's own `collect` of one metric does not hold up the others.
      await Promise.all(collectors.map(async (collect) => collect()));
      return { contentType: registry.contentType, text: await registry.metrics() };
    },
  };
}
