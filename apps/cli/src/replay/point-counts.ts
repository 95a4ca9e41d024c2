/** Counts per point, kept as differences, so that adding to a range of any length costs the same. */
export interface PointCounts {
  /** Adds one to every point from `first` to `last`, both included. */
  add(first: number, last: number): void;
  /** The counts from point `first` to `last`, both included. */
  counts(first: number, last: number): Generator<number>;
}

const BLOCK_POINTS = 1 << 12;

/** Points are kept in blocks, so that a gap of years between two of them costs nothing. */
export function createPointCounts(): PointCounts {
  const blocks = new Map<number, Int32Array<ArrayBuffer>>();
  let latest = new Int32Array(BLOCK_POINTS);
  let latestNumber = Number.NaN;

  function change(point: number, by: number): void {
    const number = Math.floor(point / BLOCK_POINTS);
    if (number !== latestNumber) {
      const block = blocks.get(number) ?? new Int32Array(BLOCK_POINTS);
      blocks.set(number, block);
      latest = block;
      latestNumber = number;
    }
    const at = point - number * BLOCK_POINTS;
    latest[at] = (latest[at] ?? 0) + by;
  }

  return {
    add(first, last) {
      change(first, 1);
      change(last + 1, -1);
    },
    *counts(first, last) {
      let count = 0;
      for (let point = first; point <= last; point += 1) {
        const number = Math.floor(point / BLOCK_POINTS);
        const block = blocks.get(number);
        // Nothing is added before the first point, so that every difference is met on the way.
        count += block?.[point - number * BLOCK_POINTS] ?? 0;
        yield count;
      }
    },
  };
}
