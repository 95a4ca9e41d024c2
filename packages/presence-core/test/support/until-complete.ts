import { expect, vi } from "vitest";
import type { OnlineCount, Presence } from "../../src/index.ts";

/** Options of {@link untilComplete}. */
export interface UntilCompleteOptions {
  /** What else the count is to say. */
  readonly expected?: Partial<OnlineCount>;
  readonly timeoutMs: number;
}

/** Waits until the count holds for a whole window. */
export async function untilComplete(
  presence: Presence,
  { expected = {}, timeoutMs }: UntilCompleteOptions,
): Promise<void> {
  await vi.waitFor(
    async () => expect(await presence.count()).toMatchObject({ complete: true, ...expected }),
    { timeout: timeoutMs, interval: 100 },
  );
}
