import { PresenceError, type PresenceEvent } from "@presence/core";
import type { Logger } from "@presence/service-kit";

/** Tells the log of the store, each change once: that it is lost or back, lost its data or is whole again. */
export interface StoreLog {
  /** Takes note of what happened beside the calls. */
  hear(event: PresenceEvent): void;
  /** It cannot be asked, or does not take what is written. Told again and again for as long as it lasts. */
  lost(error: unknown): void;
  /** It could not be asked yet since the start. */
  notThere(error: unknown): void;
  /** Whether it is told to be lost, and nobody has told that it is back. */
  isLost(): boolean;
  back(): void;
  /** Whether it lost its data, and counts have not been complete since. */
  isPartial(): boolean;
  whole(): void;
}

/** What to do about a loss, by what the store says. */
const REMEDIES = {
  away: "try `redis-cli -u $REDIS_URL PING` from this machine; nothing has to be started anew afterwards",
  refuses: "run `presence-cli doctor`: it says which memory, permission or role Redis lacks",
  dataLost:
    "none is needed after a restart, a flush or a failover of Redis; otherwise see its log for memory, failover and persistence",
} as const;

const LOST = {
  away: "the store is lost: visits wait for it, counts are stale",
  refuses: "the store refuses what is written: visits wait for it, counts are incomplete",
} as const;

const UNREGISTERED = {
  ...LOST,
  refuses: "the store does not take this process' registration: counts are incomplete",
} as const;

const NOT_THERE = {
  ...LOST,
  away: "Redis cannot be reached yet: visits wait for it, counts are answered once it is there",
} as const;

export function createStoreLog(logger: Pick<Logger, "trace" | "debug" | "info" | "warn">): StoreLog {
  let isLost = false;
  let isPartial = false;

  function lost(error: unknown, texts: { readonly refuses: string; readonly away: string }): void {
    if (isLost) return logger.debug({ err: error }, "the store is still lost");
    isLost = true;
    if (error instanceof PresenceError && error.code === "PRESENCE_STORE_REFUSED")
      logger.warn({ err: error, remedy: REMEDIES.refuses }, texts.refuses);
    else logger.warn({ err: error, remedy: REMEDIES.away }, texts.away);
  }

  return {
    hear(event) {
      switch (event.kind) {
        case "store-lost":
          return lost(event.error, LOST);
        case "registration-failed":
          return lost(event.error, UNREGISTERED);
        // Told once it is well in every respect.
        case "store-back":
          return;
        case "registered":
          return logger.trace({ writers: event.writers.length }, "registered as a writer");
        case "epoch-changed":
          isPartial = true;
          return logger.warn(
            { epoch: event.epoch, sentAgain: event.sentAgain, remedy: REMEDIES.dataLost },
            "the store lost its data: what this process knew of it was sent again, counts are incomplete for a window",
          );
        case "sightings-lost":
          return logger.warn(
            { reason: event.reason, visitors: event.visitors },
            "visits that waited for the store for longer than the window were dropped",
          );
        case "flushed":
          return logger.trace({ visitors: event.visitors, elapsedMs: event.elapsedMs }, "flushed");
      }
    },
    lost: (error) => lost(error, LOST),
    notThere: (error) => lost(error, NOT_THERE),
    isLost: () => isLost,
    back() {
      if (isLost) logger.info("the store is back");
      isLost = false;
    },
    isPartial: () => isPartial,
    whole() {
      if (isPartial) logger.info("the store is whole again: counts are complete");
      isPartial = false;
    },
  };
}
