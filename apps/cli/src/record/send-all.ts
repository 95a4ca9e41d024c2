import { setTimeout as delay } from "node:timers/promises";
import { isUnavailable, PresenceClientError } from "@presence/client";
import { isStoreFailure, PresenceError } from "@presence/core";
import type { Destination } from "./destination.ts";

/** Pause between two tries, in milliseconds. */
const RETRY_MS = 250;

/** Options of {@link sendAll}. */
export interface SendAllOptions {
  /** How long to try for where nobody can take it, in milliseconds. */
  readonly patienceMs: number;
  /** Ends the waiting, with whatever still waits left unsent. */
  readonly signal?: AbortSignal;
}

/** Sends all that waits, and waits for who is to take it. Rejects with the reason when patience is at its end. */
export async function sendAll(
  destination: Destination,
  { patienceMs, signal }: SendAllOptions,
): Promise<void> {
  const deadlineMs = performance.now() + patienceMs;
  for (;;) {
    try {
      return await destination.flush();
    } catch (error) {
      if (!isPassing(error) || performance.now() >= deadlineMs) throw error;
      if (signal?.aborted === true) return;
      await delay(RETRY_MS);
    }
  }
}

/** Whether waiting may help: nobody is there, or has no room. A store that refuses may get room, or another master. */
export function isPassing(error: unknown): boolean {
  if (error instanceof PresenceError) return isStoreFailure(error);
  return isUnavailable(error) || (error instanceof PresenceClientError && error.status === 429);
}
