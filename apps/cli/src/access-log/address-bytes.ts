/** An address as unsigned 32-bit words, filled in by the parsers: reading millions of lines makes no objects. */
export interface AddressWords {
  isIpv6: boolean;
  /** The most significant word of IPv6; 0 for IPv4. */
  w0: number;
  w1: number;
  w2: number;
  /** The least significant word of IPv6; all of IPv4. */
  w3: number;
}

const DOT = 0x2e;
const COLON = 0x3a;
const ZERO = 0x30;
const NINE = 0x39;

/** Where the address ends that begins at `start` and goes to a blank or to `end`. */
export function endOfToken(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && bytes[at] !== 0x20 && bytes[at] !== 0x09) at += 1;
  return at;
}

/** Reads dotted IPv4 without leading zeros from exactly these bytes; false where they are something else. */
export function readIpv4(bytes: Uint8Array, start: number, end: number, into: AddressWords): boolean {
  if (end - start < 7 || end - start > 15) return false;
  let word = 0;
  let octet = -1;
  let dots = 0;
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === DOT) {
      if (octet === -1) return false;
      dots += 1;
      word = word * 256 + octet;
      octet = -1;
    } else {
      if (byte < ZERO || byte > NINE || octet === 0) return false;
      octet = octet === -1 ? byte - ZERO : octet * 10 + (byte - ZERO);
      if (octet > 255) return false;
    }
  }
  if (dots !== 3 || octet === -1) return false;
  into.isIpv6 = false;
  into.w0 = 0;
  into.w1 = 0;
  into.w2 = 0;
  into.w3 = word * 256 + octet;
  return true;
}

const groups = new Uint16Array(8);

/**
 * Reads IPv6 in hexadecimal groups, `::` included, from exactly these bytes; an IPv4-mapped one becomes IPv4.
 * False for everything else: notations with dots, zones and brackets, and what is no address.
 */
export function readIpv6(bytes: Uint8Array, start: number, end: number, into: AddressWords): boolean {
  if (end - start < 2 || end - start > 39) return false;
  let count = 0;
  let gap = -1;
  let at = start;
  if (bytes[at] === COLON) {
    if (bytes[at + 1] !== COLON) return false;
    gap = 0;
    at += 2;
  }
  while (at < end) {
    if (count === 8) return false;
    let value = 0;
    let digits = 0;
    for (; at < end && bytes[at] !== COLON; at += 1) {
      const digit = hexDigit(bytes[at] ?? 0);
      if (digit === -1 || digits === 4) return false;
      value = value * 16 + digit;
      digits += 1;
    }
    if (digits === 0) return false;
    groups[count] = value;
    count += 1;
    if (at === end) break;
    at += 1;
    if (bytes[at] === COLON && at < end) {
      if (gap !== -1) return false;
      gap = count;
      at += 1;
    } else if (at === end) return false;
  }
  if (gap === -1 ? count !== 8 : count === 8) return false;
  if (gap !== -1) {
    groups.copyWithin(8 - (count - gap), gap, count);
    groups.fill(0, gap, 8 - (count - gap));
  }
  fill(into);
  return true;
}

function fill(into: AddressWords): void {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = groups;
  into.w0 = a * 0x1_0000 + b;
  into.w1 = c * 0x1_0000 + d;
  into.w2 = e * 0x1_0000 + f;
  into.w3 = g * 0x1_0000 + h;
  into.isIpv6 = into.w0 !== 0 || into.w1 !== 0 || into.w2 !== 0xffff;
  if (!into.isIpv6) into.w2 = 0;
}

function hexDigit(byte: number): number {
  if (byte >= ZERO && byte <= NINE) return byte - ZERO;
  // Lower case, whichever it is: the two differ in one bit.
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}
