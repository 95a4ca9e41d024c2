import { isoTime } from "@presence/core";
import { peaksJson } from "@presence/history";
import { connectMongoHistoryStore } from "@presence/history/mongo";
import type { CliConfig } from "../../config.ts";
import type { Io } from "../../io.ts";
import { timeZoneOf } from "../../time-zone.ts";
import type { HistorySource } from "../history.ts";

/** Asks the MongoDB that keeps the history. It is not asked anything before the first question. */
export function openMongoHistory(
  url: string,
  config: CliConfig,
  { nowMs }: Pick<Io, "nowMs">,
): HistorySource {
  const timeZone = timeZoneOf(config);
  const store = connectMongoHistoryStore({ url, timeZone, appName: "presence-cli" });
  return {
    name: "MongoDB",

    async history({ channel, fromMs, toMs, step }) {
      const points = await store.range(channel, { fromMs, toMs, step });
      return {
        channel,
        step,
        from: isoTime(fromMs),
        to: isoTime(toMs),
        timeZone,
        points: points.map(({ atMs, min, max, last }) => ({ at: isoTime(atMs), min, max, last })),
      };
    },

    async peaks(channel) {
      return peaksJson(await store.peaks(channel, nowMs()));
    },

    async resetPeak({ channel, scope, reason }) {
      return peaksJson(await store.resetPeak(channel, scope, { reason, nowMs: nowMs() }));
    },

    close: () => store.close(),
  };
}
