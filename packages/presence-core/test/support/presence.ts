import { expect, onTestFinished, vi } from "vitest";
import { createPresence, type Presence, type PresenceOptions } from "../../src/index.ts";
import { type ManualClock, manualClock } from "../../src/testing/index.ts";
import { createUnreliableStore, type UnreliableStore } from "./unreliable-store.ts";

/** A presence that is closed when the test is over. */
export function presenceOver(
  store: PresenceOptions["store"],
  options: Partial<PresenceOptions> = {},
): Presence {
  const presence = createPresence({ store, ...options });
  onTestFinished(() => presence.close());
  return presence;
}

/** One whose counts over ten seconds are complete. */
export async function completePresence(
  options: Partial<PresenceOptions> = {},
): Promise<{ readonly clock: ManualClock; readonly store: UnreliableStore; readonly presence: Presence }> {
  const clock = manualClock();
  const store = createUnreliableStore(clock);
  const presence = presenceOver(store, { flushMs: 10_000, ...options });
  presence.start();
  await vi.waitFor(async () => expect((await presence.count()).sinceMs).not.toBeNull(), 20_000);
  clock.advance(15_000);
  expect((await presence.count({ windowSeconds: 10 })).complete).toBe(true);
  return { clock, store, presence };
}
