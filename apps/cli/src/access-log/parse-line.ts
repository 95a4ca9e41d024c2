import { endOfToken } from "./address-bytes.ts";
import { parseJsonLine } from "./json-line.ts";
import type { LogLine } from "./log-line.ts";
import { LOG_TIME_BYTES, readLogTime } from "./log-time.ts";
import { readAddress } from "./read-address.ts";

const QUOTE = 0x22;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const SPACE = 0x20;

/**
 * Reads one line of a combined, common, nginx or Caddy log, without its line end, into `line`. False for a line
 * that is none: what `line` holds then means nothing.
 */
export function parseLine(bytes: Buffer, start: number, end: number, line: LogLine): boolean {
  line.bytes = bytes;
  line.start = start;
  line.end = end;
  if (bytes[start] === OPEN_BRACE) return parseJsonLine(line);
  line.addressText = null;
  line.userAgentText = null;
  line.addressEnd = endOfToken(bytes, start, end);
  return readAddress(bytes, start, line.addressEnd, line) && readTime(line);
}

/**
 * The time is what stands in brackets before the first quote. Not the first brackets: the user's name comes
 * before them, and a client may choose one that looks like a time.
 */
function readTime(line: LogLine): boolean {
  const { bytes, addressEnd, end } = line;
  for (let at = addressEnd; at < end; at += 1) {
    if (bytes[at] !== QUOTE || bytes[at - 1] !== SPACE || bytes[at - 2] !== CLOSE_BRACKET) continue;
    const time = at - 2 - LOG_TIME_BYTES;
    if (time <= addressEnd || bytes[time - 1] !== OPEN_BRACKET) continue;
    line.atMs = readLogTime(bytes, time);
    if (line.atMs === -1) continue;
    line.quotesStart = at;
    return true;
  }
  // No quotes behind it: a format of one's own.
  line.quotesStart = -1;
  for (
    let at = bytes.indexOf(OPEN_BRACKET, addressEnd);
    at !== -1 && at < end;
    at = bytes.indexOf(OPEN_BRACKET, at + 1)
  ) {
    const close = at + 1 + LOG_TIME_BYTES;
    if (close >= end || bytes[close] !== CLOSE_BRACKET) continue;
    line.atMs = readLogTime(bytes, at + 1);
    if (line.atMs !== -1) return true;
  }
  return false;
}
