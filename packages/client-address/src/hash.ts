import { createHmac } from "node:crypto";
import { ClientAddressError } from "./errors.ts";

/** Of the digest, this many bytes are kept: 128 bits, 22 characters of base64url. */
const HASH_BYTES = 16;

/** Shortest key taken, in bytes: as long as the hash it makes. */
const MIN_KEY_BYTES = 16;

/**
 * A visitor's text that only the holder of `key` can tie to an address: HMAC-SHA-256 (RFC 2104) cut to 128 bits
 * (RFC 2104 section 5 allows half the digest), as 22 characters of base64url. Pseudonymous, not anonymous: who has
 * the key can try all IPv4 addresses in hours, so a key must be random and destroyed in time.
 *
 * @param address What {@link groupAddress} answered.
 * @throws {ClientAddressError} `PRESENCE_INVALID_HASH_KEY` for a key of fewer than 16 bytes.
 */
export function hashAddress(address: string, key: Uint8Array): string {
  if (key.byteLength < MIN_KEY_BYTES)
    throw new ClientAddressError(
      "PRESENCE_INVALID_HASH_KEY",
      `A hash key has at least ${MIN_KEY_BYTES} random bytes; got ${key.byteLength}.`,
    );
  return createHmac("sha256", key).update(address).digest().toString("base64url", 0, HASH_BYTES);
}

/** Whether `text` looks like one that {@link hashAddress} makes. */
export function isHashedText(text: string): boolean {
  return /^[\w-]{22}$/.test(text);
}
