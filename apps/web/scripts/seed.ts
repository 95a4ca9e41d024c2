import { join } from "node:path";
import { openSqliteHistoryStore } from "@presence/history/sqlite";
import { smoothNoise } from "./unrest.ts";

const MINUTE_MS = 60_000;
const HISTORY_HOURS = 26;
/** It is this hour on the site whose day is drawn, whenever the pictures are taken. */
const HOUR_NOW = 20;

/** A day of history as the server would have kept it, in the data directory of a server that is yet to start. */
export async function seedHistory(dataDir: string): Promise<void> {
  const history = await openSqliteHistoryStore({ path: join(dataDir, "history.sqlite") });
  const nowMs = Date.now();
  for (let minute = HISTORY_HOURS * 60; minute > 0; minute -= 1) {
    const atMs = nowMs - minute * MINUTE_MS;
    // A server that was away for half an hour leaves a gap.
    if (minute > 500 && minute < 530) continue;
    for (const secondsLater of [0, 20, 40]) {
      // In the order of time, as samples come.
      // oxlint-disable-next-line no-await-in-loop
      await history.addSample({
        channel: "site",
        count: onlineBefore(minute - secondsLater / 60),
        atMs: atMs + secondsLater * 1000,
      });
    }
  }
  await history.close();
}

/** How many were on the site so many minutes ago: few at four in the morning, most at six in the evening. */
function onlineBefore(minutes: number): number {
  const hour = HOUR_NOW - minutes / 60;
  const day =
    0.56 -
    0.4 * Math.cos(((hour - 4) / 24) * 2 * Math.PI) +
    0.12 * Math.cos(((hour - 18) / 12) * 2 * Math.PI);
  const unrest =
    0.06 * smoothNoise(minutes / 37) + 0.04 * smoothNoise(minutes / 9) + 0.03 * smoothNoise(minutes / 2);
  return Math.max(1, Math.round(1_180 * day * (1 + unrest)));
}
