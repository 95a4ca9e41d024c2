import type { AddressWords } from "./address-bytes.ts";

/** One line of a log as it was read: the same object each time, true until the next line is read into it. */
export interface LogLine extends AddressWords {
  /** When the request was, in epoch milliseconds. */
  atMs: number;
  /** Where the line is. */
  bytes: Buffer;
  start: number;
  end: number;
  /** The client's address as the line has it: a text, or where it is in `bytes`. */
  addressText: string | null;
  addressEnd: number;
  /** Where the quoted fields begin, for the user agent; -1 where there are none. */
  quotesStart: number;
  /** The user agent of a JSON line. */
  userAgentText: string | null;
}

/** An empty line to read into. */
export function createLogLine(): LogLine {
  return {
    isIpv6: false,
    w0: 0,
    w1: 0,
    w2: 0,
    w3: 0,
    atMs: 0,
    bytes: Buffer.alloc(0),
    start: 0,
    end: 0,
    addressText: null,
    addressEnd: 0,
    quotesStart: -1,
    userAgentText: null,
  };
}

/** The client's address as the line has it. */
export function addressTextOf(line: LogLine): string {
  return line.addressText ?? line.bytes.toString("latin1", line.start, line.addressEnd);
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** The user agent as the line has it; `undefined` where it has none. */
export function userAgentOf(line: LogLine): string | undefined {
  if (line.userAgentText !== null) return line.userAgentText;
  if (line.quotesStart === -1) return undefined;
  // Request, referrer, user agent: the third quoted field of a combined line.
  let at = line.quotesStart;
  for (let field = 0; ; field += 1) {
    at = line.bytes.indexOf(QUOTE, at);
    if (at === -1 || at >= line.end) return undefined;
    const close = closingQuote(line.bytes, at + 1, line.end);
    if (close === -1) return undefined;
    if (field === 2) {
      const text = line.bytes.toString("latin1", at + 1, close);
      return text === "-" ? undefined : text;
    }
    at = close + 1;
  }
}

function closingQuote(bytes: Buffer, from: number, end: number): number {
  for (let at = from; at < end; at += 1) {
    if (bytes[at] === BACKSLASH) at += 1;
    else if (bytes[at] === QUOTE) return at;
  }
  return -1;
}
