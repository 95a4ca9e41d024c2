import type { Sample } from "./types.ts";

/** What sampling needs to know of a count: `OnlineCount` of `@presence/core` has it all. */
export interface CountToSample {
  readonly channel: string;
  readonly count: number;
  /** The instant the count is true for, in epoch milliseconds. */
  readonly asOfMs: number;
  readonly stale: boolean;
  readonly complete: boolean;
}

/**
 * Whether a count may become history: a stale one tells of another instant, an incomplete one may be too low, and
 * either would be a false minimum for ever. What is not sampled stays a gap.
 */
export function isSampleable({ stale, complete }: Pick<CountToSample, "stale" | "complete">): boolean {
  return complete && !stale;
}

/** The sample a count makes, or `null` where it may not become history. */
export function sampleFrom(count: CountToSample): Sample | null {
  if (!isSampleable(count)) return null;
  return { channel: count.channel, count: count.count, atMs: Math.trunc(count.asOfMs) };
}
