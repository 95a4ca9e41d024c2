import type { Facts, StoreFacts } from "../facts.ts";
import { figure, type Found, spanOf } from "../finding.ts";

/** For how long a loss of data is told, in milliseconds. */
const TELL_LOSS_MS = 600_000;

/** The store's clock and this machine's should not be further apart, in milliseconds. */
const MAX_CLOCK_OFFSET_MS = 2_000;

/** Whether the store answers, remembers, and knows the time. */
export function findStore({ nowMs, store, dataLostMs }: Facts): readonly Found[] {
  const { isReady, clock } = store;
  const offsetSeconds = Math.round(clock.offsetMs / 100) / 10;
  if (!isReady || store.latencyMs === null) return [unreachable(store)];
  const found: (Found | false)[] = [
    dataLostMs !== null &&
      nowMs - dataLostMs < TELL_LOSS_MS && {
        code: "data-lost",
        severity: "warn",
        title: "The store lost its data",
        detail: `It began anew ${spanOf(nowMs - dataLostMs)} ago: what this process had seen within the window was sent again, and counts were incomplete for a window.`,
        values: { elapsedMs: nowMs - dataLostMs },
        remedy:
          "Expected after a restart or a flush of Redis. If nobody did that: see its log for memory, failover and persistence.",
      },
    !clock.settled && {
      code: "clock-jumped",
      severity: "warn",
      title: "The clock of Redis jumped",
      detail: `Counts are incomplete until it has settled; it is ${figure(Math.abs(clock.offsetMs) / 1_000)} s ${clock.offsetMs < 0 ? "behind" : "ahead of"} this machine's.`,
      values: { offsetSeconds },
      remedy: "Let NTP run on the machine of Redis, slewing rather than stepping.",
    },
    clock.settled &&
      Math.abs(clock.offsetMs) > MAX_CLOCK_OFFSET_MS && {
        code: "clock-differs",
        severity: "info",
        title: "The clocks of Redis and of this machine differ",
        detail: `That of Redis is ${figure(Math.abs(clock.offsetMs) / 1_000)} s ${clock.offsetMs < 0 ? "behind" : "ahead"}.`,
        values: { offsetSeconds },
        remedy:
          "The count uses that of Redis alone. Programs that write unix times themselves, and logs, use their own: let NTP run on both.",
      },
  ];
  return found.filter((finding) => finding !== false);
}

function unreachable({ name }: StoreFacts): Found {
  return {
    code: "store-unreachable",
    severity: "fail",
    title: `${name === "redis" ? "Redis" : "The store"} does not answer`,
    detail:
      "Counts are the last known ones, marked stale, for at most a window; visits wait in this process.",
    values: {},
    remedy:
      "Try `redis-cli -u $REDIS_URL PING` from this machine; the log says what the connection fails with.",
  };
}
