/** Lets a key pass at most once in a while. */
export interface Spacing {
  /** Whether `key` may pass now; it counts as passed if so. */
  pass(key: string): boolean;
}

/** Options of {@link createSpacing}. */
export interface SpacingOptions {
  /** Least time between two passes of a key, in milliseconds. */
  readonly everyMs: number;
  /** Most keys remembered; beyond them the oldest is forgotten. */
  readonly maxKeys: number;
  /** Any steady clock, in milliseconds. */
  readonly nowMs: () => number;
}

/** Remembers when each key last passed, in bounded memory. */
export function createSpacing({ everyMs, maxKeys, nowMs }: SpacingOptions): Spacing {
  // In the order of their last pass, so that what is over stands in front.
  const passedMs = new Map<string, number>();

  function forget(now: number): void {
    for (const [key, atMs] of passedMs) {
      if (now - atMs < everyMs && passedMs.size < maxKeys) return;
      passedMs.delete(key);
    }
  }

  return {
    pass(key) {
      const now = nowMs();
      const last = passedMs.get(key);
      if (last !== undefined && now - last < everyMs) return false;
      forget(now);
      passedMs.delete(key);
      passedMs.set(key, now);
      return true;
    },
  };
}
