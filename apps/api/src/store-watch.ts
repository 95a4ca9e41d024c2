import type { Presence, PresenceStore } from "@presence/core";
import type { StoreLog } from "./store-log.ts";

/** With the store's own limit of a second for an answer, a loss shows within two. */
const ASK_EVERY_MS = 700;

/** Asks until closed. */
export interface StoreWatch {
  close(): void;
}

/** What {@link keepAsking} asks, and whom it tells. */
export interface KeepAskingOptions {
  readonly store: Pick<PresenceStore, "state">;
  readonly presence: Pick<Presence, "isHealthy" | "count">;
  readonly log: StoreLog;
}

/**
 * Asks the store a small question again and again, so that `presence.isHealthy()` and the log tell of a loss within
 * two seconds while nobody visits. What it answers does not matter, and a refusal is found out by the next reader as
 * well.
 */
export function keepAsking({ store, presence, log }: KeepAskingOptions): StoreWatch {
  let isAsking = false;

  async function ask(): Promise<void> {
    try {
      await store.state();
    } catch (error) {
      if (!presence.isHealthy()) log.lost(error);
      return;
    }
    if (!presence.isHealthy()) return;
    log.back();
    // One that lost its data is asked for a count, for as long as that takes to be whole.
    if (log.isPartial() && (await presence.count()).complete) log.whole();
  }

  const timer = setInterval(() => {
    if (isAsking) return;
    isAsking = true;
    const done = (): void => {
      isAsking = false;
    };
    ask().then(done, done);
  }, ASK_EVERY_MS).unref();
  return { close: () => clearInterval(timer) };
}
