/** How often something was there. */
export type LabelCount = readonly [label: string, count: number];

/** The most frequent things of a stream, in bounded memory. */
export interface Frequent {
  /** Counts what `key`, a 32-bit integer, stands for; `label` is its name, kept where it is new. */
  add(key: number, label: string): void;
  /** Labels with how often they came at least; each of more than `1 / (size + 1)` of the stream is among them. */
  entries(): readonly LabelCount[];
}

/**
 * Misra and Gries, "Finding repeated elements" (1982): of a stream of `n`, each count is at most `n / (size + 1)`
 * too low. Over arrays of integers a step costs tens of nanoseconds and allocates nothing; over a `Map`
 * of texts it cost most of a microsecond where nearly all of them are new.
 */
export function createFrequent(size: number): Frequent {
  const keys = new Int32Array(size);
  const counts = new Uint32Array(size);
  const labels = Array.from({ length: size }, () => "");

  function takeOneOfAll(): void {
    for (let place = 0; place < size; place += 1) counts[place] = (counts[place] ?? 0) - 1;
  }

  return {
    add(key, label) {
      let free = -1;
      for (let place = 0; place < size; place += 1) {
        const count = counts[place] ?? 0;
        if (count === 0) free = place;
        else if (keys[place] === key) {
          counts[place] = count + 1;
          return;
        }
      }
      if (free === -1) takeOneOfAll();
      else {
        keys[free] = key;
        counts[free] = 1;
        labels[free] = label;
      }
    },
    entries: () =>
      labels.map((label, place): LabelCount => [label, counts[place] ?? 0]).filter(([, count]) => count > 0),
  };
}

/** Several counts by label, added up. */
export function sumCounts(parts: readonly Iterable<LabelCount>[]): ReadonlyMap<string, number> {
  const sum = new Map<string, number>();
  for (const part of parts) {
    for (const [label, count] of part) sum.set(label, count + (sum.get(label) ?? 0));
  }
  return sum;
}
