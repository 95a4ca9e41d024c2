import { FUTURE_TOLERANCE_MS } from "@presence/core";

/** The window of every process, in milliseconds. */
export const WINDOW_MS = 60_000;

/**
 * How far the clocks of two processes may be apart while a machine is busy: what one prunes as expired, another one
 * may still want to count for so long. Nobody is promised to be there within it of either end.
 */
const CLOCKS_APART_MS = 2_000;

/** Time by visitor, the latest that is known. */
type Times = Map<string, number>;

/** A state that does not change any more. */
export interface Snapshot {
  /** Who is surely there. */
  readonly least: ReadonlyMap<string, number>;
  /** Who was surely taken, though the store may have lost them since. */
  readonly acknowledged: ReadonlyMap<string, number>;
  /** Who may be there, and every time they may have: the store has an earlier one until the latest comes. */
  readonly most: ReadonlyMap<string, readonly number[]>;
  /** Of each process: what it has taken and nobody knows the whereabouts of. */
  readonly pending: readonly ReadonlyMap<string, number>[];
  /** Of that, what its own reads must find. */
  readonly own: readonly ReadonlyMap<string, number>[];
}

/**
 * What docs/guarantees.md allows of who is there, while nobody knows which of several operations at once came first:
 * a visitor is surely there from a write that was acknowledged until somebody forgets it or the store loses its data,
 * and may be there from the moment somebody records it for as long as anybody might still send it.
 */
export function createModel(processes: number) {
  const times = (): Times[] => Array.from({ length: processes }, () => new Map());
  const least: Times = new Map();
  const acknowledged: Times = new Map();
  const most = new Map<string, Set<number>>();
  // What a process took and has not surely written; what it writes again to a store that lost its data; what it wrote
  // while its store was away, which may come out of the network at any time.
  const pending = times();
  const kept = times();
  const adrift = times();
  // Forgotten after it was taken and before it was surely written: it is there or not.
  const uncertain = Array.from({ length: processes }, () => new Set<string>());
  /** Removals whose answer never came: they may come about later. */
  const haunted = new Set<string>();

  /** Everybody who was ever removed: whoever else keeps them may send them again. */
  const forgotten = new Set<string>();
  let hasLost = false;

  function settle(process: number, visitor: string): void {
    pending[process]?.delete(visitor);
    uncertain[process]?.delete(visitor);
  }

  function raise(of: Times | undefined, visitor: string, atMs: number): void {
    of?.set(visitor, Math.max(of.get(visitor) ?? -Infinity, atMs));
  }

  function allow(visitor: string, atMs: number): void {
    most.set(visitor, (most.get(visitor) ?? new Set()).add(atMs));
  }

  return {
    snapshot: (): Snapshot => ({
      least: new Map(least),
      acknowledged: new Map(acknowledged),
      most: new Map([...most].map(([visitor, all]) => [visitor, [...all]])),
      pending: pending.map((of) => new Map(of)),
      own: pending.map(
        (of, process) =>
          new Map([...of].filter(([visitor]) => !uncertain[process]?.has(visitor) && !haunted.has(visitor))),
      ),
    }),

    recorded(process: number, visitor: string, atMs: number): void {
      // What waits is the latest of it; whether an earlier one was forgotten is past.
      raise(pending[process], visitor, atMs);
      allow(visitor, atMs);
    },

    /**
     * All that `process` had taken `before` is written. `recorded`: whom it has recorded since; `removed`: whom
     * anybody has forgotten meanwhile.
     */
    flushed(
      process: number,
      before: Snapshot,
      recorded: ReadonlySet<string>,
      removed: ReadonlySet<string>,
    ): void {
      for (const [visitor, atMs] of before.pending[process] ?? []) {
        raise(kept[process], visitor, atMs);
        if (uncertain[process]?.has(visitor) !== true && !haunted.has(visitor) && !removed.has(visitor)) {
          raise(least, visitor, atMs);
          raise(acknowledged, visitor, atMs);
        }
        if (!recorded.has(visitor)) settle(process, visitor);
      }
    },

    /**
     * `process` has removed these visitors; where not `isDone` it may have, or it may come about later. `recorded`:
     * whom it has recorded meanwhile.
     */
    forgot(
      process: number,
      visitors: readonly string[],
      isDone: boolean,
      recorded: ReadonlySet<string>,
    ): void {
      for (const visitor of visitors) {
        forgotten.add(visitor);
        least.delete(visitor);
        acknowledged.delete(visitor);
        for (const [other, of] of pending.entries()) if (of.has(visitor)) uncertain[other]?.add(visitor);
        if (isDone) {
          // What it had waiting went ahead of the removal.
          if (!recorded.has(visitor)) settle(process, visitor);
          kept[process]?.delete(visitor);
          // Whoever has not heard of a loss yet sends again what it keeps, though others have removed it since.
          const holders = hasLost ? [...pending, ...adrift, ...kept] : [...pending, ...adrift];
          most.set(visitor, new Set(holders.flatMap((of) => of.get(visitor) ?? [])));
        } else haunted.add(visitor);
      }
    },

    /** What cannot be told to be where reads are any more. */
    leave(visitors: Iterable<string>): void {
      for (const visitor of visitors) {
        least.delete(visitor);
        acknowledged.delete(visitor);
      }
    },

    /** The connection of `process` is not what it was: what it wrote may be anywhere. */
    disturbed(process: number): void {
      for (const [visitor, atMs] of pending[process] ?? []) raise(adrift[process], visitor, atMs);
    },

    /** The store lost its data; whoever is alive sends again what it has. */
    lost(): void {
      hasLost = true;
      least.clear();
      most.clear();
      for (const [process, of] of pending.entries()) {
        for (const [visitor, atMs] of of) {
          raise(kept[process], visitor, atMs);
          uncertain[process]?.add(visitor);
        }
      }
      for (const of of [...kept, ...adrift]) for (const [visitor, atMs] of of) allow(visitor, atMs);
    },

    hasLost: () => hasLost,

    /** Who must be there once every process has written all and heard of every loss. */
    final(): ReadonlyMap<string, number> {
      const final: Times = new Map(least);
      if (!hasLost) return final;
      for (const of of kept) {
        for (const [visitor, atMs] of of) if (!forgotten.has(visitor)) raise(final, visitor, atMs);
      }
      return final;
    },

    /** `process` is gone with all it had. */
    killed(process: number): void {
      this.disturbed(process);
      pending[process]?.clear();
      kept[process]?.clear();
      uncertain[process]?.clear();
    },
  };
}

/** Whether a sighting at `atMs` counts at `asOfMs`. */
function counts(atMs: number, asOfMs: number): boolean {
  return atMs > asOfMs - WINDOW_MS && atMs <= asOfMs + FUTURE_TOLERANCE_MS;
}

/** Whether every process must say so. */
function surelyCounts(atMs: number, asOfMs: number): boolean {
  return (
    atMs > asOfMs - WINDOW_MS + CLOCKS_APART_MS && atMs <= asOfMs + FUTURE_TOLERANCE_MS - CLOCKS_APART_MS
  );
}

/** The visitors of `times` who surely count at `asOfMs`. */
export function surelyOnline(times: ReadonlyMap<string, number>, asOfMs: number): ReadonlySet<string> {
  return new Set([...times].filter(([, atMs]) => surelyCounts(atMs, asOfMs)).map(([visitor]) => visitor));
}

/** The visitors of `times` of whom one time counts at `asOfMs`. */
export function mayBeOnline(
  times: ReadonlyMap<string, readonly number[]>,
  asOfMs: number,
): ReadonlySet<string> {
  const some = [...times].filter(([, all]) => all.some((atMs) => counts(atMs, asOfMs)));
  return new Set(some.map(([visitor]) => visitor));
}
