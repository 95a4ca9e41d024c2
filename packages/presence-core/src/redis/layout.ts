import { createKeys, type RedisKeys } from "./keys.ts";

/** Over how many sets a channel's visitors are spread, and what that is about to become. */
export interface ShardLayout {
  /** How many there were when all was quiet. */
  readonly shards: number;
  /** How many there will be; `null` while nothing changes. Until it has, every write goes to both. */
  readonly next: number | null;
  /** From then on reads use `next`, in epoch milliseconds of the store's clock; `null` while writers are waited for. */
  readonly moveMs: number | null;
}

const TEXT = /^(\d{1,2})(?:>(\d{1,2})(?:@(\d{1,15}))?)?$/;

/** As the state hash keeps it: `1`, `1>16`, `1>16@1767225600000`. */
export function formatLayout({ shards, next, moveMs }: ShardLayout): string {
  if (next === null) return String(shards);
  return moveMs === null ? `${shards}>${next}` : `${shards}>${next}@${moveMs}`;
}

/** That text back again; `null` for one that is none. */
export function parseLayout(text: string): ShardLayout | null {
  const [, shards, next, moveMs] = TEXT.exec(text) ?? [];
  if (shards === undefined) return null;
  return {
    shards: Number(shards),
    next: next === undefined ? null : Number(next),
    moveMs: moveMs === undefined ? null : Number(moveMs),
  };
}

/** Whether reads use the new number of shards at `nowMs`. */
export function hasMoved({ next, moveMs }: ShardLayout, nowMs: number): boolean {
  return next !== null && moveMs !== null && nowMs >= moveMs;
}

/** The numbers of shards to write at `nowMs`; the first is the one to read. */
export function shardsAt(layout: ShardLayout, nowMs: number): readonly [number, ...number[]] {
  const { shards, next } = layout;
  if (next === null) return [shards];
  return hasMoved(layout, nowMs) ? [next, shards] : [shards, next];
}

/** Which layout one process goes by. */
export interface LayoutTracker {
  current(): ShardLayout;
  /** Takes in what the state says; `null` where it says nothing. Answers whether that was news. */
  see(text: string | null | undefined): boolean;
  /** When it was last told, by the monotonic clock, in milliseconds. */
  seenAtMs(): number;
  /** The keys to write at `nowMs`; the first are those to read. */
  keysAt(nowMs: number): readonly [RedisKeys, ...RedisKeys[]];
}

/** Goes by `configured` shards until the state says otherwise, and tells of each change. */
export function createLayoutTracker(
  prefix: string,
  configured: number,
  onChange: (layout: ShardLayout) => void = () => {},
): LayoutTracker {
  const known = new Map<number, RedisKeys>();
  let layout: ShardLayout = { shards: configured, next: null, moveMs: null };
  let text = formatLayout(layout);
  let seenAtMs = -Infinity;

  function keysOf(shards: number): RedisKeys {
    const made = known.get(shards) ?? createKeys(prefix, shards);
    known.set(shards, made);
    return made;
  }

  return {
    current: () => layout,
    seenAtMs: () => seenAtMs,
    see(found) {
      seenAtMs = performance.now();
      // A state that was lost says nothing: the next writer to register tells it what all have gone by.
      const parsed = typeof found === "string" && found !== text ? parseLayout(found) : null;
      if (parsed === null) return false;
      layout = parsed;
      text = formatLayout(parsed);
      onChange(parsed);
      return true;
    },
    keysAt(nowMs) {
      const [reads, ...others] = shardsAt(layout, nowMs);
      return [keysOf(reads), ...others.map(keysOf)];
    },
  };
}
