/** Looks further apart than they should be by this much, in milliseconds: the process stood still between them. */
const STALL_MS = 1_000;

/** How long this process stood still: frozen, starved of processor time, or busy with one thing. */
export interface Stalls {
  /** Takes notice of a stall that has just ended: for somebody to call every `everyMs`, ahead of what judges clients. */
  look(): void;
  /** Any steady clock less all stalls, in milliseconds: nobody is late for what happened while it stood. */
  awakeMs(): number;
  /** How long it stood within the last `keptMs` in which it was awake, in milliseconds. */
  recentMs(): number;
}

/** Options of {@link createStalls}. */
export interface StallsOptions {
  /** How often it looks, in milliseconds. */
  readonly everyMs: number;
  /** For how long a stall is recent, in milliseconds. */
  readonly keptMs: number;
  /** Any steady clock, in milliseconds. @default performance.now */
  readonly nowMs?: () => number;
}

export function createStalls({ everyMs, keptMs, nowMs = () => performance.now() }: StallsOptions): Stalls {
  let lookedMs = nowMs();
  let stoodMs = 0;
  let recent: readonly { readonly ms: number; readonly endedMs: number }[] = [];

  const awakeMs = (): number => nowMs() - stoodMs;

  return {
    look() {
      const now = nowMs();
      const lateMs = now - lookedMs - everyMs;
      lookedMs = now;
      if (lateMs < STALL_MS) return;
      stoodMs += lateMs;
      recent = [...recent, { ms: lateMs, endedMs: awakeMs() }];
    },
    awakeMs,
    recentMs() {
      if (recent.length > 0) recent = recent.filter(({ endedMs }) => awakeMs() - endedMs < keptMs);
      return recent.reduce((sum, { ms }) => sum + ms, 0);
    },
  };
}
