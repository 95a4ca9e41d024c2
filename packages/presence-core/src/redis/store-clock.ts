import { type Clock, systemClock } from "../clock.ts";
import type { ClockReading } from "../store.ts";

/** A difference beyond this is a jump that is reported, in milliseconds. */
const JUMP_MS = 1_000;

/** How fast the carried time moves towards the store's: half a second each second, so that it never goes back. */
const SLEW = 0.5;

/** One answer of the store's clock. */
export interface ClockProbe {
  readonly storeMs: number;
  /** Monotonic times at which the question left and the answer came. */
  readonly sentMs: number;
  readonly receivedMs: number;
}

/** The store's clock, carried by this process's monotonic clock between probes. */
export interface StoreClock {
  /** Whole milliseconds; never goes back. Before the first probe: this machine's clock. */
  nowMs(): number;
  reading(): ClockReading;
  /** Whether a probe has ever been taken in. */
  isSet(): boolean;
  /** Takes in the quickest of these probes. Answers the jump in milliseconds, 0 where there was none. */
  sync(probes: readonly ClockProbe[]): number;
}

export function createStoreClock(clock: Clock = systemClock): StoreClock {
  // now = monotonic + base, with base on its way from `fromBase` to `toBase` since `sinceMs`.
  let fromBase = clock.wallMs() - clock.monotonicMs();
  let toBase = fromBase;
  let sinceMs = clock.monotonicMs();
  let isSet = false;
  let isJump = false;
  let roundTripMs = 0;
  let latestMs = 0;

  function base(monotonicMs: number): number {
    const step = (monotonicMs - sinceMs) * SLEW;
    if (Math.abs(toBase - fromBase) <= step) return toBase;
    return fromBase + Math.sign(toBase - fromBase) * step;
  }

  return {
    nowMs() {
      const monotonicMs = clock.monotonicMs();
      latestMs = Math.max(latestMs, Math.trunc(monotonicMs + base(monotonicMs)));
      return latestMs;
    },
    reading() {
      const monotonicMs = clock.monotonicMs();
      const current = base(monotonicMs);
      const settled = isSet && !(isJump && current !== toBase);
      return { offsetMs: Math.round(monotonicMs + current - clock.wallMs()), settled, roundTripMs };
    },
    isSet: () => isSet,
    sync(probes) {
      const [quickest] = probes.toSorted((a, b) => a.receivedMs - a.sentMs - (b.receivedMs - b.sentMs));
      if (quickest === undefined) return 0;
      const monotonicMs = clock.monotonicMs();
      roundTripMs = quickest.receivedMs - quickest.sentMs;
      const target = quickest.storeMs - (quickest.sentMs + roundTripMs / 2);
      const jumpMs = target - base(monotonicMs);
      // The first word of the store is the truth to start from: nothing has been said by this clock yet.
      fromBase = isSet ? base(monotonicMs) : target;
      if (!isSet) latestMs = 0;
      toBase = target;
      sinceMs = monotonicMs;
      const isFirst = !isSet;
      isSet = true;
      isJump = !isFirst && Math.abs(jumpMs) > JUMP_MS;
      return isJump ? jumpMs : 0;
    },
  };
}
