import type { PresenceStore } from "@presence/core";

/** With the store's own limit of a second for an answer, a loss shows within two. */
const ASK_EVERY_MS = 700;

/** Asks until closed. */
export interface StoreWatch {
  close(): void;
}

/**
 * Asks the store a small question again and again, so that `store.isReady()` tells of a loss within two seconds
 * while nobody visits. What it answers does not matter, and a refusal is found out by the next reader as well.
 */
export function keepAsking(store: PresenceStore): StoreWatch {
  let isAsking = false;
  const timer = setInterval(() => {
    if (isAsking) return;
    isAsking = true;
    const done = (): void => {
      isAsking = false;
    };
    store.state().then(done, done);
  }, ASK_EVERY_MS).unref();
  return { close: () => clearInterval(timer) };
}
