import { createDayCalendar } from "@presence/history";
import type { CliConfig } from "../config.ts";

/** The day a channel's distinct visitors are counted under, or `null` for a channel whose are not: as an API does. */
export function createUniquesDay({
  historyChannels,
  timeZone = "UTC",
}: CliConfig): (channel: string, nowMs: number) => string | null {
  const calendar = createDayCalendar(timeZone);
  return (channel, nowMs) => (historyChannels.includes(channel) ? calendar.dayAt(nowMs).name : null);
}
