import { createFormerRanges } from "./former-ranges.ts";

/** Which points each visitor already counts in. Points and visitors are whole numbers of 32 bits. */
export interface CoveredPoints {
  /**
   * Keeps that `visitor` counts in the points from `first` to `last`, both included.
   *
   * @param oldest No range that begins before this point will ever be asked for again.
   */
  cover(visitor: number, first: number, last: number, oldest: number): void;
}

const NEVER = -0x8000_0000;
const FIRST_CAPACITY = 1 << 10;

/**
 * In the order of time, each visitor has one range that grows or is followed by another; that is the quick path.
 * A range that was followed is kept for as long as something may still come that belongs before its successor.
 *
 * @param onNew Called with each range of points that a visitor did not count in before, both ends included.
 */
export function createCoveredPoints(onNew: (first: number, last: number) => void): CoveredPoints {
  let capacity = FIRST_CAPACITY;
  let firsts = new Int32Array(capacity);
  /** Flipped in the first bit, so that fresh memory, which nobody has touched and the system need not have, says never. */
  let flippedLasts = new Int32Array(capacity);
  const former = createFormerRanges();

  function grow(): void {
    capacity *= 2;
    firsts = new Int32Array(firsts.buffer.transfer(capacity * 4));
    flippedLasts = new Int32Array(flippedLasts.buffer.transfer(capacity * 4));
  }

  /** A range that lies before the visitor's latest: seldom, so that it may take longer. */
  function coverEarlier(visitor: number, first: number, last: number): void {
    let open: (readonly [number, number])[] = [[first, last]];
    for (const known of former.of(visitor)) {
      open = open.flatMap((range) => without(range, known));
    }
    for (const [from, to] of open) {
      onNew(from, to);
      former.keep(visitor, from, to);
    }
  }

  return {
    cover(visitor, first, last, oldest) {
      while (visitor >= capacity) grow();
      former.release(oldest);
      const knownFirst = firsts[visitor] ?? 0;
      const knownLast = (flippedLasts[visitor] ?? 0) ^ NEVER;
      if (first > knownLast + 1) {
        if (knownLast >= oldest) former.keep(visitor, knownFirst, knownLast);
        firsts[visitor] = first;
        flippedLasts[visitor] = last ^ NEVER;
        onNew(first, last);
        return;
      }
      if (last > knownLast) {
        flippedLasts[visitor] = last ^ NEVER;
        onNew(knownLast + 1, last);
      }
      if (first < knownFirst) coverEarlier(visitor, first, Math.min(last, knownFirst - 1));
    },
  };
}

type Range = readonly [first: number, last: number];

/** What is left of a range without another. */
function without([first, last]: Range, [from, to]: Range): Range[] {
  if (to < first || from > last) return [[first, last]];
  const left: Range[] = [];
  if (first < from) left.push([first, from - 1]);
  if (last > to) left.push([to + 1, last]);
  return left;
}
