import { expect, vi } from "vitest";
import type { OnlineCount, Presence } from "../../src/index.ts";

/** Waits, for a minute at most, until the count holds for a whole window, and is as `expected`. */
export async function untilComplete(presence: Presence, expected: Partial<OnlineCount> = {}): Promise<void> {
  await vi.waitFor(
    async () => expect(await presence.count()).toMatchObject({ complete: true, ...expected }),
    { timeout: 60_000, interval: 100 },
  );
}
