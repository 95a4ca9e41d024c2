import type { AddressWords } from "../access-log/address-bytes.ts";
import { createWordTable } from "../access-log/word-table.ts";

/** How addresses become visitors. */
export interface VisitorRules {
  /** Whether only the network of an address counts (/24, /48), as `masked` identity has it. */
  readonly isMasked: boolean;
  /** Length of the IPv6 prefix that is one visitor, 32 to 128. */
  readonly ipv6Prefix: number;
}

/** IPv4, a network of IPv6, or an address of IPv6 that belongs to none however long the prefix is. */
export type VisitorKind = "ipv4" | "network" | "host";

/** Numbers the visitors of each kind from 0, in the order they are first seen. */
export interface VisitorNumbers {
  kindOf(address: AddressWords): VisitorKind;
  of(kind: VisitorKind, address: AddressWords): number;
  /** How many there are, over all kinds. */
  size(): number;
}

const IPV4_MASK = 0xffff_ff00;
const IPV6_MASK_PREFIX = 48;

/** The same visitors as `groupAddress` and `maskAddress` of `@presence/client-address` tell apart. */
export function createVisitorNumbers({ isMasked, ipv6Prefix }: VisitorRules): VisitorNumbers {
  const networkPrefix = isMasked ? Math.min(ipv6Prefix, IPV6_MASK_PREFIX) : ipv6Prefix;
  const hostPrefix = isMasked ? IPV6_MASK_PREFIX : 128;
  const hasHosts = hostPrefix !== networkPrefix;
  const ipv4 = createWordTable(1);
  const networks = createNetworks(networkPrefix);
  const hosts = createNetworks(hostPrefix);

  return {
    kindOf(address) {
      if (!address.isIpv6) return "ipv4";
      return hasHosts && isSingleHost(address) ? "host" : "network";
    },
    of(kind, address) {
      switch (kind) {
        case "ipv4":
          return ipv4.indexOf(isMasked ? (address.w3 & IPV4_MASK) >>> 0 : address.w3, 0, 0, 0);
        case "network":
          return networks.of(address);
        case "host":
          return hosts.of(address);
      }
    },
    size: () => ipv4.size() + networks.size() + hosts.size(),
  };
}

/** Numbers the networks of one length. */
function createNetworks(prefix: number) {
  const table = createWordTable(prefix <= 64 ? 2 : 4);
  const m0 = wordMask(prefix, 0);
  const m1 = wordMask(prefix, 1);
  const m2 = wordMask(prefix, 2);
  const m3 = wordMask(prefix, 3);
  return {
    of: ({ w0, w1, w2, w3 }: AddressWords): number =>
      table.indexOf((w0 & m0) >>> 0, (w1 & m1) >>> 0, (w2 & m2) >>> 0, (w3 & m3) >>> 0),
    size: () => table.size(),
  };
}

/** `::1`, `fe80::/10` and `64:ff9b::/96`. */
function isSingleHost({ w0, w1, w2, w3 }: AddressWords): boolean {
  if (w0 === 0) return w1 === 0 && w2 === 0 && w3 === 1;
  if (w0 === 0x0064_ff9b) return w1 === 0 && w2 === 0;
  return (w0 & 0xffc0_0000) >>> 0 === 0xfe80_0000;
}

function wordMask(prefix: number, word: number): number {
  const kept = Math.min(32, Math.max(0, prefix - word * 32));
  return kept === 0 ? 0 : (0xffff_ffff << (32 - kept)) >>> 0;
}
