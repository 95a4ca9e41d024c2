import { PresenceError, type PresenceEvent } from "@presence/core";
import type { RedisStore } from "@presence/core/redis";
import type { DestinationOptions } from "./destination.ts";

/** How often the connection is looked at, in milliseconds. */
const LOOK_MS = 250;

/** Tells whether a store takes what it is sent. */
export interface StoreWatch {
  /** What the writes say. */
  hear(event: PresenceEvent): void;
  close(): void;
}

/** A connection may be lost while nothing is written, and writes may fail on one that is there. */
export function watchStore(
  store: RedisStore,
  { onLost, onBack }: Pick<DestinationOptions, "onLost" | "onBack">,
): StoreWatch {
  let connectionError = new Error("the connection to the store closed");
  let writeError: Error | null = null;
  const onError = (error: Error): void => void (connectionError = error);
  store.client.on("error", onError);
  const timer = setInterval(() => {
    if (!store.isReady()) onLost(unavailable(connectionError));
    else if (writeError === null) onBack();
    else onLost(writeError);
  }, LOOK_MS);
  return {
    hear(event) {
      if (event.kind === "store-lost") writeError = event.error;
      // What waited may have expired, so that no write follows; the registration does.
      if (event.kind === "flushed" || event.kind === "registered") writeError = null;
    },
    close() {
      clearInterval(timer);
      store.client.off("error", onError);
    },
  };
}

/** What the connection says is the client library's; what it means is that the store cannot be reached. */
function unavailable(error: Error): PresenceError {
  return new PresenceError("PRESENCE_STORE_UNAVAILABLE", `the store cannot be reached: ${error.message}`, {
    cause: error,
  });
}
