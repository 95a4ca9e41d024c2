import { isTimeZone } from "@presence/history";

/** An instant as clocks of a time zone show it, each part as it is written. */
export interface ZonedTime {
  readonly year: string;
  readonly month: string;
  readonly day: string;
  readonly hour: string;
  readonly minute: string;
  readonly second: string;
  /** `Tue` */
  readonly weekday: string;
}

const PARTS = {
  hourCycle: "h23",
  weekday: "short",
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
} as const;

/** Shows instants as clocks of `timeZone` do; of UTC where this system does not know that zone. */
export interface ZonedClock {
  /** As an IANA name. */
  readonly timeZone: string;
  at(atMs: number): ZonedTime;
  /** `2026-11-24 14:03:07` */
  dateAndTime(atMs: number): string;
}

export function createZonedClock(timeZone: string): ZonedClock {
  const known = isTimeZone(timeZone) ? timeZone : "UTC";
  const format = new Intl.DateTimeFormat("en-US", { ...PARTS, timeZone: known });
  function at(atMs: number): ZonedTime {
    const parts = Object.fromEntries(format.formatToParts(atMs).map(({ type, value }) => [type, value]));
    const { year = "", month = "", day = "", hour = "", minute = "", second = "", weekday = "" } = parts;
    return { year, month, day, hour, minute, second, weekday };
  }
  return {
    timeZone: known,
    at,
    dateAndTime(atMs) {
      const { year, month, day, hour, minute, second } = at(atMs);
      return `${year}-${month}-${day} ${hour}:${minute}:${second}`;
    },
  };
}
