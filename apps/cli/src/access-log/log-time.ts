const DAY_MS = 86_400_000;

/** Bytes of `17/May/2015:10:05:03 +0000`. */
export const LOG_TIME_BYTES = 26;

/** The latest instant a four-digit year can say. */
const MAX_MS = 253_402_300_799_999;

const DAYS_BEFORE_MONTH = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
const DAYS_OF_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * The instant `17/May/2015:10:05:03 +0000` at `at` means, in epoch milliseconds; -1 where those bytes are no
 * such time. A leap second is the next minute's first.
 */
export function readLogTime(bytes: Uint8Array, at: number): number {
  if (at < 0 || at + LOG_TIME_BYTES > bytes.length) return -1;
  const hasMarks =
    bytes[at + 2] === 0x2f && bytes[at + 6] === 0x2f && bytes[at + 11] === 0x3a && bytes[at + 14] === 0x3a;
  if (!hasMarks || bytes[at + 17] !== 0x3a || bytes[at + 20] !== 0x20) return -1;
  const hours = twoDigits(bytes, at + 12);
  const minutes = twoDigits(bytes, at + 15);
  const seconds = twoDigits(bytes, at + 18);
  const dayMs = readDay(bytes, at);
  const zoneMinutes = readZone(bytes, at + 21);
  if (dayMs === -1 || zoneMinutes === -10_000) return -1;
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59 || seconds < 0 || seconds > 60) return -1;
  const atMs = dayMs + ((hours * 60 + minutes - zoneMinutes) * 60 + seconds) * 1_000;
  return atMs < 0 ? -1 : atMs;
}

/** The begin of `17/May/2015` in UTC, or -1. */
function readDay(bytes: Uint8Array, at: number): number {
  const day = twoDigits(bytes, at);
  const month = monthOf(bytes, at + 3);
  const century = twoDigits(bytes, at + 7);
  const ofCentury = twoDigits(bytes, at + 9);
  if (day < 1 || month === -1 || century < 0 || ofCentury < 0) return -1;
  const year = century * 100 + ofCentury;
  if (year < 1970) return -1;
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  if (day > (DAYS_OF_MONTH[month] ?? 0) + (isLeap && month === 1 ? 1 : 0)) return -1;
  const before = year - 1;
  const leapDays = Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400) - 477;
  const days =
    (year - 1970) * 365 + leapDays + (DAYS_BEFORE_MONTH[month] ?? 0) + (isLeap && month > 1 ? 1 : 0);
  return (days + day - 1) * DAY_MS;
}

/** The minutes that `+0200` is ahead of UTC, or -10000 where it is no zone. */
function readZone(bytes: Uint8Array, at: number): number {
  const hours = twoDigits(bytes, at + 1);
  const minutes = twoDigits(bytes, at + 3);
  const sign = bytes[at] === 0x2b ? 1 : bytes[at] === 0x2d ? -1 : 0;
  if (sign === 0 || hours < 0 || hours > 15 || minutes < 0 || minutes > 59) return -10_000;
  return sign * (hours * 60 + minutes);
}

/** The month, from 0, of its first three letters in English; -1 where they are none. */
function monthOf(bytes: Uint8Array, at: number): number {
  switch (((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0)) {
    case 0x4a616e:
      return 0;
    case 0x466562:
      return 1;
    case 0x4d6172:
      return 2;
    case 0x417072:
      return 3;
    case 0x4d6179:
      return 4;
    case 0x4a756e:
      return 5;
    case 0x4a756c:
      return 6;
    case 0x417567:
      return 7;
    case 0x536570:
      return 8;
    case 0x4f6374:
      return 9;
    case 0x4e6f76:
      return 10;
    case 0x446563:
      return 11;
    default:
      return -1;
  }
}

function twoDigits(bytes: Uint8Array, at: number): number {
  const tens = (bytes[at] ?? 0) - 0x30;
  const ones = (bytes[at + 1] ?? 0) - 0x30;
  return tens < 0 || tens > 9 || ones < 0 || ones > 9 ? -1 : tens * 10 + ones;
}

const ISO = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:[.,]\d{1,9})?(?:Z|[+-]\d{2}:?\d{2})$/;
const NUMBER = /^\d{1,19}(?:\.\d{1,9})?$/;

/**
 * The instant a field of a JSON log means, in epoch milliseconds; -1 where it is none: a number or a text of one
 * (seconds, milliseconds, microseconds or nanoseconds, told apart by size), ISO 8601 with a zone, or a log time.
 */
export function readTimeField(value: unknown): number {
  if (typeof value === "number") return ofNumber(value);
  if (typeof value !== "string") return -1;
  if (NUMBER.test(value)) return ofNumber(Number(value));
  if (ISO.test(value)) {
    const atMs = Date.parse(value.replace(",", ".").replace(/([+-]\d{2})(\d{2})$/, "$1:$2"));
    return Number.isNaN(atMs) ? -1 : atMs;
  }
  const bytes = Buffer.from(value, "latin1");
  return bytes.length === LOG_TIME_BYTES ? readLogTime(bytes, 0) : -1;
}

/** Seconds until the year 5138, else the unit that gives a time of our days. */
function ofNumber(value: number): number {
  if (!(value >= 0)) return -1;
  const perMs = value < 1e11 ? 1e-3 : value < 1e14 ? 1 : value < 1e17 ? 1e3 : 1e6;
  const atMs = Math.round(value / perMs);
  return atMs <= MAX_MS ? atMs : -1;
}
