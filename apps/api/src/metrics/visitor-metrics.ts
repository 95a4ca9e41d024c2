import { isStoreFailure, onlineBounds } from "@presence/core";
import type { Metrics } from "@presence/service-kit/metrics";
import type { AppDeps } from "../app-deps.ts";

/**
 * How many are online and how many wait to be pruned, in each channel of `PRESENCE_HISTORY_CHANNELS`. What is not
 * known now is left out: neither an old number nor a zero stands for it.
 */
export function addVisitorMetrics(metrics: Metrics, { config, presence }: AppDeps): void {
  const { store, windowSeconds } = presence;
  const withBots = config.bots === "separate";
  const online = metrics.gauge({
    name: "presence_visitors_online",
    help: "Visitors online; absent while the store cannot be asked",
    labelNames: ["channel"],
  });
  const complete = metrics.gauge({
    name: "presence_visitors_online_complete",
    help: "Whether recording ran without a gap for the whole window: 1, or 0 where the number may be too low",
    labelNames: ["channel"],
  });
  const bots = metrics.gauge({
    name: "presence_bots_online",
    help: "Bots online, where they are counted apart",
    labelNames: ["channel"],
  });
  const expired = metrics.gauge({
    name: "presence_visitors_expired",
    help: "Expired and invalid visitors that wait to be pruned",
    labelNames: ["channel"],
  });
  const up = metrics.gauge({
    name: "presence_store_up",
    help: "Whether the last word from the store was a good one",
  });
  const clockOffset = metrics.gauge({
    name: "presence_store_clock_offset_seconds",
    help: "The clock of the store minus this machine's",
  });

  async function read(channel: string) {
    const bounds = onlineBounds(store.nowMs(), windowSeconds);
    const [count, outside] = await Promise.all([
      knownOrNull(presence.count({ channel, withBots })),
      knownOrNull(store.pruneBatch(channel, bounds, { limit: 1, dryRun: true })),
    ]);
    return { channel, count: count?.stale === true ? null : count, expired: outside?.remaining ?? null };
  }

  metrics.beforeScrape(async () => {
    const readings = await Promise.all(config.historyChannels.map(read));
    for (const gauge of [online, complete, bots, expired]) gauge.reset();
    for (const reading of readings) {
      const { channel, count } = reading;
      if (count !== null) {
        online.set({ channel }, count.count);
        complete.set({ channel }, count.complete ? 1 : 0);
        if (count.bots !== undefined) bots.set({ channel }, count.bots);
      }
      if (reading.expired !== null) expired.set({ channel }, reading.expired);
    }
    up.set(store.isReady() ? 1 : 0);
    clockOffset.set(store.clock().offsetMs / 1_000);
  });
}

async function knownOrNull<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (isStoreFailure(error)) return null;
    throw error;
  }
}
