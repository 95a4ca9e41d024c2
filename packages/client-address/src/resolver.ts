import type { IncomingHttpHeaders } from "node:http";
import { isIPv4 } from "node:net";
import { createNetworkSet, readNetwork, UNIX_PEER } from "./address-set.ts";
import { type AddressBits, parseIpv4 } from "./bits.ts";
import { readBits, trimBlanks } from "./canonical.ts";
import { ClientAddressError } from "./errors.ts";
import { forwardedFor, quotedElementStart } from "./forwarded.ts";
import { assertIpv6Prefix, groupBits } from "./group.ts";
import { memoize } from "./memo.ts";

/** Options of {@link createClientAddressResolver}. */
export interface ClientAddressOptions {
  /**
   * Peers whose header is believed: addresses, CIDRs, `loopback`, `private`, `unix`. One that holds every
   * address is refused, since each client could then choose its own. @default none
   */
  readonly trustedProxies?: readonly string[];
  /**
   * Where a trusted peer says who the client is: `x-forwarded-for`, `forwarded` (RFC 7239), or the name of a
   * header with a single address that the proxy overwrites, such as `cf-connecting-ip`. @default "x-forwarded-for"
   */
  readonly header?: string;
  /** IPv6 clients that share this many bits are one visitor: 32 to 128. @default 64 */
  readonly ipv6Prefix?: number;
}

/**
 * Answers the visitor behind a request, as {@link groupAddress} has it, or `null`: nobody.
 *
 * @param peer What {@link peerOf} says of the request's socket: an address, `unix`, or `undefined`.
 * @param headers The request's headers as Node gives them.
 */
export type ClientAddressResolver = (peer: string | undefined, headers: IncomingHttpHeaders) => string | null;

/** Half the addresses that are remembered at most: about 5 MB where all of them are. */
const HOPS_REMEMBERED = 16_384;

const HEADER_NAME = /^[\w!#$%&'*+.^`|~-]{1,64}$/;

/**
 * Says which client sent a request, so that no client can choose its own address: the peer, unless the peer is a
 * trusted proxy. Then its header is walked from the right, past trusted addresses, to the first that is not; an
 * entry that is no address ends the walk at the last good hop; where all are trusted, it is the leftmost.
 *
 * @example
 * const resolve = createClientAddressResolver({ trustedProxies: ["loopback", "10.0.0.0/8"] });
 * resolve("10.0.0.7", { "x-forwarded-for": "6.6.6.6, 203.0.113.9" }); // "203.0.113.9"
 *
 * @throws {ClientAddressError} `PRESENCE_INVALID_ADDRESS_SET`, `PRESENCE_UNSAFE_TRUST`,
 * `PRESENCE_INVALID_CLIENT_HEADER` or `PRESENCE_INVALID_IPV6_PREFIX` for an option that cannot be used.
 */
export function createClientAddressResolver(options: ClientAddressOptions = {}): ClientAddressResolver {
  const { trustedProxies = [] } = options;
  const finder = createClientFinder(options);
  return (peer, headers) => {
    // The commonest request: nobody is trusted, and this text is canonical already.
    if (trustedProxies.length === 0 && peer !== undefined && isIPv4(peer)) return peer;
    return finder.ofRequest(peer, headers)?.group ?? null;
  };
}

/** A client as it was found. */
export interface Client {
  readonly bits: AddressBits;
  /** The canonical address, or the network it is counted as. */
  readonly group: string;
}

/** Finds clients, and tells the address behind the group. */
export interface ClientFinder {
  ofRequest(peer: string | undefined, headers: IncomingHttpHeaders): Client | null;
  /** The client of an address that was found elsewhere, such as in a log. */
  ofText(address: string): Client | null;
}

/** One address on a request's way. */
interface Hop extends Client {
  readonly isTrusted: boolean;
}

/** What {@link createClientAddressResolver} is made of; throws as it does. */
export function createClientFinder({
  trustedProxies = [],
  header = "x-forwarded-for",
  ipv6Prefix = 64,
}: ClientAddressOptions): ClientFinder {
  assertIpv6Prefix(ipv6Prefix);
  assertTrustIsBounded(trustedProxies);
  const trusted = createNetworkSet(trustedProxies);
  const headerName = readHeaderName(header);
  const walk = walkerOf(headerName);
  const toHop = (bits: AddressBits): Hop => ({
    bits,
    group: groupBits(bits, ipv6Prefix),
    isTrusted: trusted.has(bits),
  });
  // A request's addresses are remembered: a known visitor's text is then the same string each time, whose hash
  // every map it is looked up in knows already. That saves more than reading an address costs.
  const readHop: ReadHop = memoize(
    (text: string): Hop | null => {
      const bits = readBits(text);
      return bits === null ? null : toHop(bits);
    },
    { half: HOPS_REMEMBERED },
  );

  return {
    ofText(text) {
      // Of the many addresses of a log most are new, and plain IPv4 is read faster than it is remembered.
      const ipv4 = parseIpv4(text);
      return ipv4 === null ? readHop(text) : toHop(ipv4);
    },
    ofRequest(peer, headers) {
      if (peer === undefined) return null;
      const peerHop = peer === UNIX_PEER ? null : readHop(peer);
      const isBelieved = peer === UNIX_PEER ? trusted.hasUnix : peerHop?.isTrusted === true;
      // Its own: every object has a `constructor`, which is no header.
      const value = isBelieved && Object.hasOwn(headers, headerName) ? headers[headerName] : undefined;
      if (value === undefined) return peerHop;
      return walk(Array.isArray(value) ? value.join(",") : value, readHop) ?? peerHop;
    },
  };
}

type ReadHop = (text: string) => Hop | null;

/** Reads a header's value to the last good hop; `null` where its rightmost entry is none. */
type Walk = (value: string, readHop: ReadHop) => Hop | null;

function walkerOf(headerName: string): Walk {
  switch (headerName) {
    case "x-forwarded-for":
      return walkAddresses;
    case "forwarded":
      return walkForwarded;
    default:
      // Two lines of such a header arrive joined by a comma, which is no address: which one to believe is unknown.
      return (value, readHop) => readHop(value);
  }
}

function walkAddresses(value: string, readHop: ReadHop): Hop | null {
  // The commonest: one proxy, one address.
  if (!value.includes(",")) return readHop(trimBlanks(value));
  return walkList(
    value,
    (end) => (end === 0 ? 0 : value.lastIndexOf(",", end - 1) + 1),
    (element) => readHop(trimBlanks(element)),
  );
}

function walkForwarded(value: string, readHop: ReadHop): Hop | null {
  return walkList(
    value,
    (end) => quotedElementStart(value, end),
    (element) => {
      const node = forwardedFor(element);
      return node === null ? null : readHop(node);
    },
  );
}

function walkList(
  value: string,
  startOf: (end: number) => number,
  read: (element: string) => Hop | null,
): Hop | null {
  let last: Hop | null = null;
  for (let end = value.length; end >= 0;) {
    const start = startOf(end);
    const hop = read(value.slice(start, end));
    if (hop === null) return last;
    last = hop;
    if (!hop.isTrusted) return hop;
    end = start - 1;
  }
  return last;
}

function readHeaderName(header: string): string {
  if (HEADER_NAME.test(header)) return header.toLowerCase();
  throw new ClientAddressError(
    "PRESENCE_INVALID_CLIENT_HEADER",
    `${JSON.stringify(header.slice(0, 64))} is no header name, such as x-forwarded-for, forwarded or cf-connecting-ip.`,
  );
}

function assertTrustIsBounded(entries: readonly string[]): void {
  const unbounded = entries.find((entry) => readNetwork(entry)?.prefix === 0);
  if (unbounded === undefined) return;
  throw new ClientAddressError(
    "PRESENCE_UNSAFE_TRUST",
    `${unbounded} trusts every address, so that each client could choose its own: name the proxies, for example 10.0.0.0/8 or private.`,
  );
}
