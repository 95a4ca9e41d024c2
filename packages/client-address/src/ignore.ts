import { createNetworkSet, readNetwork } from "./address-set.ts";
import type { AddressBits } from "./bits.ts";
import { ClientAddressError } from "./errors.ts";

/** Who is never counted. */
export interface IgnoreList {
  hasAddress(bits: AddressBits): boolean;
  hasUserAgent(userAgent: string): boolean;
  readonly hasWords: boolean;
}

const ADDRESS_WORDS: readonly string[] = ["loopback", "private"];

/** An address somebody mistyped, which must not be taken for a word that no user agent has. */
const LOOKS_LIKE_ADDRESS = /^[\d./]+$|^[\da-f]*:[\da-f:./]*$/i;

const WORD = /^[\x20-\x7e]{1,128}$/;

/**
 * Reads a list of addresses, CIDRs, `loopback`, `private`, and words of user agents (found anywhere, whatever
 * their case).
 *
 * @throws {ClientAddressError} `PRESENCE_INVALID_IGNORE` that names the entry.
 */
export function createIgnoreList(entries: readonly string[]): IgnoreList {
  const addresses = entries.filter((entry) => ADDRESS_WORDS.includes(entry) || readNetwork(entry) !== null);
  const words = entries.filter((entry) => !addresses.includes(entry)).map(readWord);
  const networks = createNetworkSet(addresses);
  return {
    hasWords: words.length > 0,
    hasAddress: addresses.length === 0 ? () => false : (bits) => networks.has(bits),
    hasUserAgent(userAgent) {
      const lowered = userAgent.toLowerCase();
      return words.some((word) => lowered.includes(word));
    },
  };
}

function readWord(entry: string): string {
  if (WORD.test(entry) && entry.trim() !== "" && !LOOKS_LIKE_ADDRESS.test(entry)) return entry.toLowerCase();
  throw new ClientAddressError(
    "PRESENCE_INVALID_IGNORE",
    `${JSON.stringify(entry.slice(0, 64))} is neither an address, a CIDR (192.0.2.0/24), loopback, private, nor a word of a user agent (UptimeRobot).`,
  );
}
