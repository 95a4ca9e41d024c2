import { type AddressBits, formatBits, parseBits } from "./bits.ts";

/** Quotes, brackets, 45 characters of address, a zone and a port stay far below; longer text is no address. */
const MAX_TEXT_LENGTH = 128;

const ZONE = /^[\w.~%-]+$/;
const PORT = /^\d{1,5}$/;

/**
 * The one text of an address, or `null` where `text` is none: dotted IPv4, RFC 5952 IPv6, IPv4-mapped IPv6 as
 * IPv4. Spaces and tabs around it, one pair of quotes, brackets around IPv6, a port and a zone are dropped.
 * Octal, hexadecimal and shortened IPv4 are no addresses.
 *
 * @example
 * canonicalAddress('"[2001:DB8:0:0::1%eth0]:443"'); // "2001:db8::1"
 * canonicalAddress("::ffff:102:304"); // "1.2.3.4"
 * canonicalAddress("unknown"); // null
 */
export function canonicalAddress(text: string): string | null {
  const bits = readBits(text);
  return bits === null ? null : formatBits(bits);
}

/** The address that {@link canonicalAddress} would give, as numbers. */
export function readBits(text: string): AddressBits | null {
  const bare = unquoted(trimBlanks(text));
  if (bare.length > MAX_TEXT_LENGTH) return null;
  if (bare.startsWith("[")) return bracketedBits(bare);
  const colon = bare.indexOf(":");
  // One colon and no more: an IPv4 address with its port. IPv6 has at least two.
  if (colon !== -1 && colon === bare.lastIndexOf(":"))
    return isPort(bare.slice(colon + 1)) ? ipv4Only(parseBits(bare.slice(0, colon))) : null;
  return zonedBits(bare);
}

/** Without the spaces and tabs that HTTP allows around a value (RFC 9110, 5.6.3). */
export function trimBlanks(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text.charCodeAt(start))) start += 1;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

function unquoted(text: string): string {
  return text.length >= 2 && text.startsWith('"') && text.endsWith('"')
    ? trimBlanks(text.slice(1, -1))
    : text;
}

function bracketedBits(text: string): AddressBits | null {
  const end = text.indexOf("]");
  const rest = text.slice(end + 1);
  const inside = text.slice(1, end);
  if (end === -1 || !inside.includes(":")) return null;
  return rest === "" || (rest.startsWith(":") && isPort(rest.slice(1))) ? zonedBits(inside) : null;
}

/** An address with an optional zone (RFC 4007, 11), which only IPv6 has. */
function zonedBits(text: string): AddressBits | null {
  const percent = text.indexOf("%");
  if (percent === -1) return parseBits(text);
  const address = text.slice(0, percent);
  return address.includes(":") && ZONE.test(text.slice(percent + 1)) ? parseBits(address) : null;
}

function ipv4Only(bits: AddressBits | null): AddressBits | null {
  return typeof bits === "number" ? bits : null;
}

function isPort(text: string): boolean {
  return PORT.test(text) && Number(text) <= 65_535;
}
