import { type AddressBits, ipv4Mask, networkBits, parseBits } from "./bits.ts";
import { readBits } from "./canonical.ts";
import { ClientAddressError } from "./errors.ts";

/** What a word in a list of addresses stands for. */
const NAMED_RANGES: Readonly<Record<string, readonly string[]>> = {
  // RFC 1122 section 3.2.1.3, RFC 4291 section 2.5.3
  loopback: ["127.0.0.0/8", "::1/128"],
  // RFC 1918 section 3, RFC 4193 section 3.1
  private: ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"],
};

/** The peer of a request that came over a Unix socket, which has no address. */
export const UNIX_PEER = "unix";

/** A set of addresses. */
export interface AddressSet {
  /** Whether `address` (any notation {@link canonicalAddress} reads, or `unix`) is in the set. */
  has(address: string): boolean;
}

/** A set of addresses as numbers. */
export interface NetworkSet {
  has(bits: AddressBits): boolean;
  /** Whether peers on a Unix socket are in the set. */
  readonly hasUnix: boolean;
}

interface Network {
  readonly base: AddressBits;
  readonly prefix: number;
}

/**
 * A set made of addresses and CIDRs (`203.0.113.7`, `10.0.0.0/8`, `2001:db8::/32`; bits behind the prefix are
 * ignored; mapped ones are IPv4) and the words `loopback`, `private` (RFC 1918 and RFC 4193) and `unix`.
 *
 * @throws {ClientAddressError} `PRESENCE_INVALID_ADDRESS_SET` that names the entry it cannot read.
 */
export function createAddressSet(entries: readonly string[]): AddressSet {
  const networks = createNetworkSet(entries);
  return {
    has(address) {
      if (address === UNIX_PEER) return networks.hasUnix;
      const bits = readBits(address);
      return bits !== null && networks.has(bits);
    },
  };
}

/** {@link createAddressSet} for addresses that were read already. */
export function createNetworkSet(entries: readonly string[]): NetworkSet {
  const ipv4: (readonly [base: number, mask: number])[] = [];
  const ipv6: (readonly [base: readonly number[], prefix: number])[] = [];
  for (const { base, prefix } of entries.filter((entry) => entry !== UNIX_PEER).flatMap(readEntry)) {
    if (typeof base === "number") ipv4.push([base, ipv4Mask(prefix)]);
    else ipv6.push([base, prefix]);
  }
  return {
    hasUnix: entries.includes(UNIX_PEER),
    has: (bits) =>
      typeof bits === "number"
        ? ipv4.some(([base, mask]) => (bits & mask) >>> 0 === base)
        : ipv6.some(([base, prefix]) => isWithin(bits, base, prefix)),
  };
}

/** The networks an entry stands for. */
function readEntry(entry: string): readonly Network[] {
  const named = Object.hasOwn(NAMED_RANGES, entry) ? NAMED_RANGES[entry] : undefined;
  if (named !== undefined) return named.flatMap(readEntry);
  const network = readNetwork(entry);
  if (network !== null) return [network];
  throw new ClientAddressError(
    "PRESENCE_INVALID_ADDRESS_SET",
    `${JSON.stringify(entry.slice(0, 64))} is neither an address nor a CIDR (10.0.0.0/8, 2001:db8::/32) nor one of: loopback, private, unix.`,
  );
}

/** An address or CIDR as a network; `null` where it is neither. */
export function readNetwork(entry: string): Network | null {
  const slash = entry.indexOf("/");
  const base = parseBits(slash === -1 ? entry : entry.slice(0, slash));
  if (base === null) return null;
  const bitsOfFamily = typeof base === "number" ? 32 : 128;
  if (slash === -1) return { base, prefix: bitsOfFamily };
  const prefixText = entry.slice(slash + 1);
  if (!/^(?:0|[1-9]\d{0,2})$/.test(prefixText)) return null;
  // `::ffff:10.0.0.0/104` is 10.0.0.0/8: its prefix counts the 96 bits of the mapping too.
  const isMapped = typeof base === "number" && entry.includes(":");
  const prefix = Number(prefixText) - (isMapped ? 96 : 0);
  if (prefix < 0 || prefix > bitsOfFamily) return null;
  return { base: networkBits(base, prefix), prefix };
}

function isWithin(bits: readonly number[], groups: readonly number[], prefix: number): boolean {
  for (let index = 0; index * 16 < prefix; index += 1) {
    const kept = Math.min(16, prefix - index * 16);
    const difference = (bits[index] ?? 0) ^ (groups[index] ?? 0);
    if (difference >>> (16 - kept) !== 0) return false;
  }
  return true;
}

const LOOPBACK = createNetworkSet(["loopback"]);

// Link-local besides: such a peer is on this machine's own network segment (RFC 3927, RFC 4291 section 2.5.6).
const PRIVATE = createNetworkSet(["private", "169.254.0.0/16", "fe80::/10"]);

/** Where an address is from: this machine, a network that is nobody else's business, or the world. */
export type AddressScope = "loopback" | "private" | "public";

/** The scope of an address; link-local ones are private. */
export function scopeOf(bits: AddressBits): AddressScope {
  if (LOOPBACK.has(bits)) return "loopback";
  return PRIVATE.has(bits) ? "private" : "public";
}

/** Whether `address` is one that no client from elsewhere can have: loopback, private, link-local or `unix`. */
export function isPrivateAddress(address: string): boolean {
  if (address === UNIX_PEER) return true;
  const bits = readBits(address);
  return bits !== null && scopeOf(bits) !== "public";
}
