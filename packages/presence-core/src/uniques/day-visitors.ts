import { createHyperLogLog, type HyperLogLog } from "./hyper-log-log.ts";

/** Visitors that are told apart by name; more are cheaper as a sketch, which takes 16 KiB. */
const EXACT_VISITORS = 256;

/** The distinct visitors of one channel and day. */
export interface DayVisitors {
  add(visitors: Iterable<string>): void;
  count(): number;
}

/** Counts exactly to 256 visitors, beyond that by a HyperLogLog. */
export function createDayVisitors(): DayVisitors {
  const few = new Set<string>();
  let many: HyperLogLog | null = null;
  return {
    add(visitors) {
      for (const visitor of visitors) {
        if (many !== null) many.add(visitor);
        else if (few.add(visitor).size > EXACT_VISITORS) {
          many = createHyperLogLog();
          for (const known of few) many.add(known);
          few.clear();
        }
      }
    },
    count: () => many?.count() ?? few.size,
  };
}
