import { isoTime } from "@presence/core";
import type { CliConfig } from "../../config.ts";
import type { Io } from "../../io.ts";
import type { OperationsSource } from "../operations.ts";
import type { RedisPlace } from "../place.ts";
import { openStore } from "./open-store.ts";

/** Standard error of Redis' HyperLogLog, in percent. */
const HYPERLOGLOG_ERROR_PERCENT = 0.81;

/** Asks a Redis itself. */
export async function openStoreOperations(
  place: RedisPlace,
  config: CliConfig,
  io: Io,
): Promise<OperationsSource> {
  const { name, store, profile, close } = await openStore(place, config, io);
  return {
    name,
    close,

    async channels(question) {
      const { readChannels } = await import("./read-channels.ts");
      return readChannels(store, profile, question);
    },

    async uniques({ channel, days }) {
      const [{ createDayCalendar }, { timeZoneOf }] = await Promise.all([
        import("@presence/history"),
        import("../../time-zone.ts"),
      ]);
      const { timeZone, daysUntil } = createDayCalendar(timeZoneOf(config));
      const names = daysUntil(store.nowMs(), days).map((day) => day.name);
      const counts = await store.uniques(channel, names);
      return {
        channel,
        timeZone,
        errorPercent: HYPERLOGLOG_ERROR_PERCENT,
        days: names.map((day, index) => ({ day, visitors: counts[index] ?? null })),
      };
    },

    async jobs() {
      const { jobsOf } = await import("./read-jobs.ts");
      const nowMs = store.nowMs();
      return { asOf: isoTime(nowMs), ...jobsOf(await store.jobs.runs(), nowMs) };
    },
  };
}
