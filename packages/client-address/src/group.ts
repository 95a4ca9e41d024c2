import { readNetwork } from "./address-set.ts";
import { type AddressBits, formatBits, networkBits, parseBits, startsWith } from "./bits.ts";
import { ClientAddressError } from "./errors.ts";

/** `masked` identity keeps this much of an address: what is left is a network of at least 256 hosts. */
const IPV4_MASK_PREFIX = 24;
const IPV6_MASK_PREFIX = 48;

/**
 * The visitor behind a canonical address: IPv6 as its network of `ipv6Prefix` bits, because one household or
 * machine has at least a /64 of addresses to choose from (RFC 6177, RFC 8981); IPv4 as it is.
 *
 * `::1`, link-local addresses and addresses of `64:ff9b::/96` stay as they are too: each of the last is one IPv4
 * client behind a translator (RFC 6052), so that grouping them would make the whole IPv4 Internet one visitor.
 *
 * @example groupAddress("2001:db8:1:2::9", 64); // "2001:db8:1:2::/64"
 * @throws {ClientAddressError} `PRESENCE_INVALID_ADDRESS` for what is no bare address,
 * `PRESENCE_INVALID_IPV6_PREFIX` for a prefix that is no whole number from 32 to 128.
 */
export function groupAddress(address: string, ipv6Prefix: number): string {
  assertIpv6Prefix(ipv6Prefix);
  const bits = parseBits(address);
  if (bits === null) throw invalidAddress(address);
  return groupBits(bits, ipv6Prefix);
}

/** {@link groupAddress} for numbers and a prefix that are known to be good. */
export function groupBits(bits: AddressBits, ipv6Prefix: number): string {
  if (typeof bits === "number" || ipv6Prefix === 128 || isSingleHost(bits)) return formatBits(bits);
  return networkText(bits, ipv6Prefix);
}

/**
 * An address without the part that says who: `203.0.113.0/24`, `2001:db8:1::/48`. Takes what
 * {@link groupAddress} answers as well; a group that is wider already stays as it is.
 *
 * @throws {ClientAddressError} `PRESENCE_INVALID_ADDRESS` for what is neither an address nor a group.
 */
export function maskAddress(address: string): string {
  const network = readNetwork(address);
  if (network === null) throw invalidAddress(address);
  const { base, prefix } = network;
  return networkText(base, Math.min(prefix, typeof base === "number" ? IPV4_MASK_PREFIX : IPV6_MASK_PREFIX));
}

/** @throws {ClientAddressError} `PRESENCE_INVALID_IPV6_PREFIX` for anything but a whole number from 32 to 128. */
export function assertIpv6Prefix(ipv6Prefix: number): void {
  if (Number.isInteger(ipv6Prefix) && ipv6Prefix >= 32 && ipv6Prefix <= 128) return;
  throw new ClientAddressError(
    "PRESENCE_INVALID_IPV6_PREFIX",
    `An IPv6 prefix is a whole number from 32 to 128, for example 64; got ${String(ipv6Prefix)}.`,
  );
}

function networkText(bits: AddressBits, prefix: number): string {
  return `${formatBits(networkBits(bits, prefix))}/${prefix}`;
}

function isSingleHost(groups: readonly number[]): boolean {
  return isIpv6Loopback(groups) || isIpv6LinkLocal(groups) || startsWith(groups, [0x64, 0xff9b, 0, 0, 0, 0]);
}

function isIpv6Loopback(groups: readonly number[]): boolean {
  return startsWith(groups, [0, 0, 0, 0, 0, 0, 0, 1]);
}

/** `fe80::/10` (RFC 4291, 2.5.6). */
function isIpv6LinkLocal(groups: readonly number[]): boolean {
  return ((groups[0] ?? 0) & 0xffc0) === 0xfe80;
}

function invalidAddress(address: string): ClientAddressError {
  return new ClientAddressError(
    "PRESENCE_INVALID_ADDRESS",
    `${JSON.stringify(address.slice(0, 64))} is no IP address, such as 203.0.113.9 or 2001:db8::1.`,
  );
}
