import { HistoryError } from "./errors.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** A day of a calendar. */
export interface CalendarDay {
  /** `YYYY-MM-DD` */
  readonly name: string;
  /** Its first instant, inclusive, in epoch milliseconds. */
  readonly startMs: number;
  /** The first instant of the next day. */
  readonly endMs: number;
}

/**
 * Days of a time zone. Together they cover all time without overlap: a day begins at the first instant of its
 * date, which is midnight, or where clocks skip midnight, the moment they do. It has 23, 24 or 25 hours, or what
 * else the zone's law made of it. Where clocks go back over midnight, the repeated time belongs to the new day.
 */
export interface DayCalendar {
  /** As an IANA name. */
  readonly timeZone: string;
  /** The day in which `atMs` lies. */
  dayAt(atMs: number): CalendarDay;
  /** The `count` days that end with the one in which `atMs` lies, earliest first. */
  daysUntil(atMs: number, count: number): readonly CalendarDay[];
}

/** Whether `text` names a time zone this system knows. */
export function isTimeZone(text: string): boolean {
  try {
    return new Intl.DateTimeFormat("en-US", { timeZone: text }) instanceof Intl.DateTimeFormat;
  } catch {
    return false;
  }
}

/** @throws {HistoryError} `PRESENCE_INVALID_OPTION` for a time zone this system does not know. */
export function createDayCalendar(timeZone: string): DayCalendar {
  if (!isTimeZone(timeZone)) {
    throw new HistoryError(
      "PRESENCE_INVALID_OPTION",
      `time zone must be an IANA name such as Europe/Berlin, not ${JSON.stringify(timeZone)}`,
    );
  }
  const wallClock = createWallClock(timeZone);
  let latest: CalendarDay | null = null;

  /** First instant whose date is `dateMs`, which is that date's midnight as if it were UTC. */
  function startOf(dateMs: number): number {
    // No offset is beyond 14 hours: a day off on either side lie the offsets before and after any change.
    const before = dateMs - wallClock.offsetMs(dateMs - DAY_MS);
    const after = dateMs - wallClock.offsetMs(dateMs + DAY_MS);
    const [early, late] = before < after ? [before, after] : [after, before];
    if (wallClock.at(early) === dateMs) return early;
    if (wallClock.at(late) === dateMs) return late;
    return firstInstant(early, late, (atMs) => wallClock.at(atMs) >= dateMs);
  }

  function dayAt(atMs: number): CalendarDay {
    if (latest !== null && atMs >= latest.startMs && atMs < latest.endMs) return latest;
    let dateMs = floorTo(wallClock.at(atMs), DAY_MS);
    let startMs = startOf(dateMs);
    let endMs = startOf(dateMs + DAY_MS);
    // The time repeated when clocks go back over midnight has the date of the day before; and a date that a zone
    // skipped begins and ends at once.
    while (endMs <= atMs) {
      dateMs += DAY_MS;
      [startMs, endMs] = [endMs, startOf(dateMs + DAY_MS)];
    }
    latest = { name: new Date(dateMs).toISOString().slice(0, 10), startMs, endMs };
    return latest;
  }

  return {
    timeZone,
    dayAt,
    daysUntil(atMs, count) {
      const days: CalendarDay[] = [];
      for (let at = atMs; days.length < count;) {
        const day = dayAt(at);
        days.unshift(day);
        at = day.startMs - 1;
      }
      return days;
    },
  };
}

interface WallClock {
  /** What clocks show at an instant, as if it were UTC. */
  at(atMs: number): number;
  offsetMs(atMs: number): number;
}

function createWallClock(timeZone: string): WallClock {
  // The plain Gregorian calendar and digits, whatever the system's language.
  const format = new Intl.DateTimeFormat("en-US-u-ca-gregory-nu-latn", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  const at = (atMs: number): number => {
    const fields: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {};
    for (const { type, value } of format.formatToParts(atMs)) fields[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = fields;
    return Date.UTC(year, month - 1, day, hour, minute, second) + (atMs - floorTo(atMs, 1_000));
  };
  return { at, offsetMs: (atMs) => at(atMs) - atMs };
}

/** The first whole millisecond in (`fromMs`, `untilMs`] for which `isThere` holds, which it does from then on. */
function firstInstant(fromMs: number, untilMs: number, isThere: (atMs: number) => boolean): number {
  let [low, high] = [fromMs, untilMs];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (isThere(middle)) high = middle;
    else low = middle;
  }
  return high;
}

function floorTo(value: number, unit: number): number {
  return Math.floor(value / unit) * unit;
}
