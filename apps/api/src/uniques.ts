import type { DayCalendar } from "@presence/history";

/**
 * The day (`YYYY-MM-DD`) under which a channel's distinct visitors are counted at an instant, or `null` for a
 * channel whose are not.
 */
export type UniquesDay = (channel: string, nowMs: number) => string | null;

/** Counts those of `channels`, by the days of `calendar`. */
export function createUniquesDay(channels: readonly string[], calendar: DayCalendar): UniquesDay {
  const counted = new Set(channels);
  return (channel, nowMs) => (counted.has(channel) ? calendar.dayAt(nowMs).name : null);
}
