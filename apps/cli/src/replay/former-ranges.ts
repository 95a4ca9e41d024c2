/** Ranges that were followed by others, let go in the order they came. */
export interface FormerRanges {
  /** Keeps a range of `visitor`. */
  keep(visitor: number, first: number, last: number): void;
  /** The ranges of a visitor that are still kept, the newest first. */
  of(visitor: number): Generator<readonly [first: number, last: number]>;
  /** Lets those go that end before `oldest`, up to the first that does not. */
  release(oldest: number): void;
}

const FIRST_CAPACITY = 1 << 10;

/**
 * A ring, and beside it a hash table of as many chains through its places, each from the newest to the oldest. Places
 * are numbered on in 32 bits, so that nothing has to be taken out of a chain: it ends at the first place that was let
 * go, for all behind it are older. Visitors of whom nothing is kept cost nothing.
 */
export function createFormerRanges(): FormerRanges {
  let capacity = FIRST_CAPACITY;
  let visitors = new Uint32Array(capacity);
  let firsts = new Int32Array(capacity);
  let lasts = new Int32Array(capacity);
  /** The next older place of the same chain. */
  let nexts = new Uint32Array(capacity);
  /** The newest place of each chain. */
  let heads = new Uint32Array(capacity);
  let size = 0;
  /** Number of the place behind the newest. */
  let end = 0;

  /** How many ranges were kept after this place's: less than `size` while it is kept itself. */
  const ageOf = (place: number): number => (end - 1 - place) >>> 0;

  /** Visitors are numbered in the order they came, and those of one time leave together: neighbours spread well. */
  const chainOf = (visitor: number): number => visitor & (capacity - 1);

  function put(visitor: number, first: number, last: number): void {
    const at = end & (capacity - 1);
    visitors[at] = visitor;
    firsts[at] = first;
    lasts[at] = last;
    const chain = chainOf(visitor);
    nexts[at] = heads[chain] ?? 0;
    heads[chain] = end;
    end = (end + 1) >>> 0;
  }

  function grow(): void {
    const old = { visitors, firsts, lasts };
    const mask = capacity - 1;
    capacity *= 2;
    visitors = new Uint32Array(capacity);
    firsts = new Int32Array(capacity);
    lasts = new Int32Array(capacity);
    nexts = new Uint32Array(capacity);
    heads = new Uint32Array(capacity);
    const newest = end;
    end = (end - size) >>> 0;
    while (end !== newest) {
      const at = end & mask;
      put(old.visitors[at] ?? 0, old.firsts[at] ?? 0, old.lasts[at] ?? 0);
    }
  }

  return {
    keep(visitor, first, last) {
      if (size === capacity) grow();
      put(visitor, first, last);
      size += 1;
    },
    *of(visitor) {
      let place = heads[chainOf(visitor)] ?? 0;
      let newer = -1;
      for (;;) {
        const age = ageOf(place);
        if (age <= newer || age >= size) return;
        const at = place & (capacity - 1);
        if (visitors[at] === visitor) yield [firsts[at] ?? 0, lasts[at] ?? 0];
        newer = age;
        place = nexts[at] ?? 0;
      }
    },
    release(oldest) {
      while (size > 0 && (lasts[(end - size) & (capacity - 1)] ?? 0) < oldest) size -= 1;
    },
  };
}
