import type { OnlineBounds } from "./types.ts";

/** How far ahead of the store's clock a sighting may be and still count, in milliseconds. */
export const FUTURE_TOLERANCE_MS = 5_000;

/** The window of a fresh installation, in seconds. */
export const DEFAULT_WINDOW_SECONDS = 60;

/** The longest window, in seconds: a day. */
export const MAX_WINDOW_SECONDS = 86_400;

/**
 * Which scores are online at `nowMs`: after `nowMs - window` (exclusive) and until `nowMs + 5 s` (inclusive).
 * Count, list and prune all use this one pair, so that they never disagree about a visitor.
 */
export function onlineBounds(nowMs: number, windowSeconds: number): OnlineBounds {
  return { afterMs: nowMs - windowSeconds * 1_000, untilMs: nowMs + FUTURE_TOLERANCE_MS };
}

/** Life of a key that nobody writes to, in seconds, where none is configured: two windows and a minute. */
export function defaultKeyTtlSeconds(windowSeconds: number): number {
  return 2 * windowSeconds + 60;
}
