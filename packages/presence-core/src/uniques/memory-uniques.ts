import { createDayVisitors, type DayVisitors } from "./day-visitors.ts";
import { UNIQUES_KEPT_DAYS } from "./kept-days.ts";

/** Days of a channel that take visitors: the latest, and the one before it for what comes at its very end. */
const OPEN_DAYS = 2;

/** Distinct visitors per channel and day, in this process. */
export interface MemoryUniques {
  /** Days come in their order: one before the two latest of the channel is over and takes nobody more. */
  add(channel: string, day: string, visitors: Iterable<string>): void;
  /** `null` for a day nobody counted, or one that is forgotten. */
  count(channel: string, day: string): number | null;
}

interface ChannelDays {
  /** Earliest first, as are those that are over. */
  readonly open: Map<string, DayVisitors>;
  readonly over: Map<string, number>;
}

/** Holds the visitors of two days a channel, and of those before them the number alone, 400 days in all. */
export function createMemoryUniques(): MemoryUniques {
  const channels = new Map<string, ChannelDays>();
  return {
    add(channel, day, visitors) {
      const days = channels.get(channel) ?? { open: new Map(), over: new Map() };
      channels.set(channel, days);
      if (!days.open.has(day)) beginDay(days, day);
      days.open.get(day)?.add(visitors);
    },
    count(channel, day) {
      const days = channels.get(channel);
      return days?.open.get(day)?.count() ?? days?.over.get(day) ?? null;
    },
  };
}

function beginDay({ open, over }: ChannelDays, day: string): void {
  const latest = [...open.keys()].at(-1);
  if (latest !== undefined && day < latest) return;
  open.set(day, createDayVisitors());
  for (const [ended, visitors] of open) {
    if (open.size <= OPEN_DAYS) break;
    open.delete(ended);
    over.set(ended, visitors.count());
  }
  for (const forgotten of over.keys()) {
    if (open.size + over.size <= UNIQUES_KEPT_DAYS) break;
    over.delete(forgotten);
  }
}
