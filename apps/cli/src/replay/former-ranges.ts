/** Ranges that were followed by others, each chained to the one before it, let go in the order they came. */
export interface FormerRanges {
  /** Keeps a range of `visitor` in front of its `chain`; answers the new chain. */
  keep(visitor: number, first: number, last: number, chain: number): number;
  /** The ranges of a visitor's chain, the newest first, as far as they are still kept. A chain not begun yet is 0. */
  chain(visitor: number, chain: number): Generator<readonly [first: number, last: number]>;
  /** Lets those go that end before `oldest`, up to the first that does not. */
  release(oldest: number): void;
}

const FIRST_CAPACITY = 1 << 10;

/**
 * A ring. Its places are numbered on in 32 bits, so that nothing has to be taken out of chains: one that leads to a
 * range that was let go ends there. By then the place may be another visitor's, which is why each knows its own.
 */
export function createFormerRanges(): FormerRanges {
  let capacity = FIRST_CAPACITY;
  let visitors = new Uint32Array(capacity);
  let firsts = new Int32Array(capacity);
  let lasts = new Int32Array(capacity);
  let nexts = new Uint32Array(capacity);
  let size = 0;
  /** Number of the place behind the newest. */
  let end = 0;

  /** How many ranges were kept after this place's: less than `size` while it is kept itself. */
  const ageOf = (place: number): number => (end - 1 - place) >>> 0;

  function grow(): void {
    const old = { visitors, firsts, lasts, nexts };
    const mask = capacity - 1;
    capacity *= 2;
    visitors = new Uint32Array(capacity);
    firsts = new Int32Array(capacity);
    lasts = new Int32Array(capacity);
    nexts = new Uint32Array(capacity);
    for (let age = 0; age < size; age += 1) {
      const place = (end - 1 - age) >>> 0;
      const at = place & (capacity - 1);
      visitors[at] = old.visitors[place & mask] ?? 0;
      firsts[at] = old.firsts[place & mask] ?? 0;
      lasts[at] = old.lasts[place & mask] ?? 0;
      nexts[at] = old.nexts[place & mask] ?? 0;
    }
  }

  return {
    keep(visitor, first, last, chain) {
      if (size === capacity) grow();
      const place = end;
      const at = place & (capacity - 1);
      visitors[at] = visitor;
      firsts[at] = first;
      lasts[at] = last;
      nexts[at] = chain;
      size += 1;
      end = (end + 1) >>> 0;
      return place;
    },
    *chain(visitor, chain) {
      let place = chain;
      let newer = -1;
      for (;;) {
        const age = ageOf(place);
        const at = place & (capacity - 1);
        if (age <= newer || age >= size || visitors[at] !== visitor) return;
        yield [firsts[at] ?? 0, lasts[at] ?? 0];
        newer = age;
        place = nexts[at] ?? 0;
      }
    },
    release(oldest) {
      while (size > 0 && (lasts[(end - size) & (capacity - 1)] ?? 0) < oldest) size -= 1;
    },
  };
}
