import type { Clock } from "../clock.ts";

/** A clock that stands still until it is told to move. */
export interface ManualClock extends Clock {
  /** Time goes by, on both clocks. */
  advance(ms: number): void;
  /** Somebody sets the wall clock; the monotonic one does not notice. */
  jump(ms: number): void;
}

/** A {@link ManualClock} that begins at `startMs`, in epoch milliseconds. */
export function manualClock(startMs: number = Date.UTC(2026, 0, 1, 12)): ManualClock {
  let wallMs = startMs;
  let monotonicMs = 0;
  return {
    wallMs: () => wallMs,
    monotonicMs: () => monotonicMs,
    advance(ms) {
      wallMs += ms;
      monotonicMs += ms;
    },
    jump(ms) {
      wallMs += ms;
    },
  };
}
