import { openSqliteHistoryStore } from "@presence/history/sqlite";
import { scratchFolder } from "@presence/testkit";
import { expect, it } from "vitest";
import { TIME_ZONE } from "./support/daily-curve.ts";
import { liveThroughCurve } from "./support/live-through-curve.ts";

it(
  "keeps 48 hours of a daily curve in SQLite as the visits were: minutes, hours, days and all peaks",
  { timeout: 120_000 },
  async () => {
    const scratch = await scratchFolder("daily-curve");
    const path = `${scratch.path}/history.sqlite`;
    const history = await openSqliteHistoryStore({ path, timeZone: TIME_ZONE });
    const { told, expected, counts, pruned } = await liveThroughCurve(history, 1);
    await history.close();
    await scratch.remove();
    expect(told).toEqual(expected);
    // Away for half an hour: the last known count is stale for its window, then nothing is known. A minute at the
    // start and one after the outage are incomplete.
    expect(counts).toEqual({ sampled: 17_088, stale: 5, incomplete: 12, failed: 175 });
    expect(pruned).toBeGreaterThan(100_000);
  },
);
