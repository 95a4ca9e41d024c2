import type { ListedVisitor, ListOrder, ListPosition } from "./types.ts";

/** Compares by (time, visitor), both descending for `recent` and ascending for `oldest`, as a sorted set does. */
export function comparePosition(order: ListOrder): (a: ListedVisitor, b: ListedVisitor) => number {
  const sign = order === "oldest" ? 1 : -1;
  return (a, b) => sign * (a.lastSeenMs - b.lastSeenMs || compareText(a.visitor, b.visitor));
}

/** Whether `entry` comes after `position` in `order`. */
export function isAfter(entry: ListedVisitor, position: ListPosition, order: ListOrder): boolean {
  return comparePosition(order)(entry, position) > 0;
}

// Visitors are ASCII, so that comparing code units is comparing bytes, which is what Redis does.
function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
