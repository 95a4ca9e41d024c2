import { isIPv6 } from "node:net";

/** An address as numbers: IPv4 as one unsigned 32-bit number, IPv6 as its eight 16-bit groups. */
export type AddressBits = number | readonly number[];

const ZERO = "0".charCodeAt(0);
const DOT = ".".charCodeAt(0);

/** The IPv4 address inside `::ffff:0:0/96`, which is how a dual-stack socket shows an IPv4 client (RFC 4291, 2.5.5.2). */
const MAPPED_PREFIX: readonly number[] = [0, 0, 0, 0, 0, 0xffff];

/**
 * Reads a bare address: no port, brackets, zone or spaces. Mapped addresses become IPv4 by their bits, however
 * they are written.
 */
export function parseBits(text: string): AddressBits | null {
  const ipv4 = parseIpv4(text);
  // A zone passes isIPv6; it says where the address is valid, which is not ours to keep.
  if (ipv4 !== null || !isIPv6(text) || text.includes("%")) return ipv4;
  const groups = ipv6Groups(text);
  return startsWith(groups, MAPPED_PREFIX) ? embeddedIpv4(groups) : groups;
}

/**
 * Reads four decimal octets without leading zeros, as `net.isIPv4` takes them. It runs once or more a request, and
 * a loop is several times faster than splitting.
 */
export function parseIpv4(text: string): number | null {
  if (text.length < 7 || text.length > 15) return null;
  let bits = 0;
  let octet = -1;
  let dots = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === DOT) {
      if (octet === -1) return null;
      dots += 1;
      bits = bits * 256 + octet;
      octet = -1;
    } else {
      const digit = code - ZERO;
      if (digit < 0 || digit > 9 || octet === 0) return null;
      octet = octet === -1 ? digit : octet * 10 + digit;
      if (octet > 255) return null;
    }
  }
  return dots === 3 && octet !== -1 ? bits * 256 + octet : null;
}

/** The canonical text: dotted IPv4, or IPv6 as RFC 5952 section 4 has it. */
export function formatBits(bits: AddressBits): string {
  if (typeof bits === "number")
    return `${bits >>> 24}.${(bits >>> 16) & 0xff}.${(bits >>> 8) & 0xff}.${bits & 0xff}`;
  const { start, length } = longestZeroRun(bits);
  if (length < 2) return hexText(bits, 0, bits.length);
  return `${hexText(bits, 0, start)}::${hexText(bits, start + length, bits.length)}`;
}

/** The first address of the network of `prefix` bits that holds `bits`. */
export function networkBits(bits: AddressBits, prefix: number): AddressBits {
  if (typeof bits === "number") return (bits & ipv4Mask(prefix)) >>> 0;
  return bits.map((group, index) => {
    const kept = Math.min(16, Math.max(0, prefix - index * 16));
    return group & (0xffff << (16 - kept)) & 0xffff;
  });
}

/** The first `prefix` bits of 32, as a signed number: what `&` takes. */
export function ipv4Mask(prefix: number): number {
  // A shift by 32 shifts by none.
  return prefix === 0 ? 0 : -1 << (32 - prefix);
}

/** Whether these IPv6 groups begin with those. */
export function startsWith(groups: readonly number[], prefix: readonly number[]): boolean {
  return prefix.every((group, index) => groups[index] === group);
}

function embeddedIpv4(groups: readonly number[]): number {
  const [high = 0, low = 0] = groups.slice(6);
  return high * 0x1_0000 + low;
}

/** Eight groups of a text that `isIPv6` has accepted. */
function ipv6Groups(text: string): readonly number[] {
  const [head = "", tail] = withoutDots(text).split("::");
  const before = hexGroups(head);
  if (tail === undefined) return before;
  const after = hexGroups(tail);
  return [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after];
}

/** `::1.2.3.4` as `::102:304`. */
function withoutDots(text: string): string {
  if (!text.includes(".")) return text;
  const start = text.lastIndexOf(":") + 1;
  const bits = parseIpv4(text.slice(start)) ?? 0;
  return `${text.slice(0, start)}${(bits >>> 16).toString(16)}:${(bits & 0xffff).toString(16)}`;
}

function hexGroups(text: string): number[] {
  return text === "" ? [] : text.split(":").map((group) => Number.parseInt(group, 16));
}

function hexText(groups: readonly number[], start: number, end: number): string {
  let text = "";
  for (let index = start; index < end; index += 1)
    text += (index === start ? "" : ":") + (groups[index] ?? 0).toString(16);
  return text;
}

/** The first of the longest runs of zero groups (RFC 5952, 4.2.3). */
function longestZeroRun(groups: readonly number[]): { start: number; length: number } {
  const longest = { start: 0, length: 0 };
  let length = 0;
  for (let index = 0; index < groups.length; index += 1) {
    length = groups[index] === 0 ? length + 1 : 0;
    if (length <= longest.length) continue;
    longest.length = length;
    longest.start = index - length + 1;
  }
  return longest;
}
