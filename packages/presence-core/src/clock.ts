/** Where time comes from. Both in milliseconds; only differences of `monotonicMs` mean anything. */
export interface Clock {
  readonly wallMs: () => number;
  readonly monotonicMs: () => number;
}

/** This machine's clocks. */
export const systemClock: Clock = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
};
