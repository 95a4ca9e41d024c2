import type { GuardedPart } from "./guard.ts";

/** What happened beside the requests; `message` says it in a sentence. */
export type PresenceEvent =
  /** Where sightings go cannot be reached, or refuses them; they wait. Once until it is back. */
  | { readonly kind: "store-lost"; readonly message: string; readonly error: Error }
  | { readonly kind: "store-back"; readonly message: string }
  /** Redis lost its data; what this process knew of the last window is sent again. */
  | { readonly kind: "data-lost"; readonly message: string; readonly sentAgain: number }
  /** The clock of Redis jumped; counts are incomplete until it has settled. */
  | { readonly kind: "clock-jump"; readonly message: string; readonly jumpMs: number }
  /** The set's visitors are spread over another number of sets than `shards` says; that number is used. */
  | {
      readonly kind: "other-shards";
      readonly message: string;
      readonly shards: number;
      readonly configured: number;
    }
  /** A callback threw, or answered a promise: requests it fails for are not counted. Once per callback. */
  | {
      readonly kind: "failed";
      readonly message: string;
      readonly part: GuardedPart;
      readonly error: Error;
    }
  /** Sightings are not taken; once per reason. `stats().refused` has their number. */
  | { readonly kind: "refused"; readonly message: string; readonly reason: string };

/** Tells of events and never throws. */
export type Report = (event: PresenceEvent) => void;

/** Hands events to `onEvent`, whose own failures have nobody left to hear of them. */
export function createReport(onEvent: (event: PresenceEvent) => void = warn): Report {
  return (event) => {
    try {
      onEvent(event);
    } catch {
      // An application's log that fails must not fail its requests.
    }
  };
}

/** For those who listen to nothing: what is wrong is said on stderr, as Node says its own warnings. */
function warn(event: PresenceEvent): void {
  if (event.kind === "store-back") return;
  process.emitWarning(event.message, {
    type: "PresenceWarning",
    code: `PRESENCE_${event.kind.toUpperCase().replaceAll("-", "_")}`,
  });
}

/** Whether the store is there, as it was last heard of: told on each change, not on each try. */
export interface StoreHealth {
  lost(error: Error): void;
  back(): void;
}

export function createStoreHealth(report: Report): StoreHealth {
  let isLost = false;
  return {
    lost(error) {
      if (isLost) return;
      isLost = true;
      const message = `Visits wait in memory, the store does not take them: ${error.message}`;
      report({ kind: "store-lost", message, error });
    },
    back() {
      if (!isLost) return;
      isLost = false;
      report({ kind: "store-back", message: "The store is back: visits that waited are sent." });
    },
  };
}
