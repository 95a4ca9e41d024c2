import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  canonicalAddress,
  ClientAddressError,
  groupAddress,
  hashAddress,
  maskAddress,
} from "../src/index.ts";

describe("groupAddress", () => {
  it.each([
    ["RFC 6177 2: a site has a /64 at least", "2001:db8:1:2::9", 64, "2001:db8:1:2::/64"],
    ["RFC 8981 3: temporary addresses share it", "2001:db8:1:2:a:b:c:d", 64, "2001:db8:1:2::/64"],
    ["RFC 5952 4.2: zeros inside the prefix", "2001:db8::9", 64, "2001:db8::/64"],
    ["RFC 6177 2: a /56", "2001:db8:1:2ff::9", 56, "2001:db8:1:200::/56"],
    ["RFC 6177 2: a /48", "2001:db8:1:2::9", 48, "2001:db8:1::/48"],
    ["RFC 6177 2: the widest", "2001:db8:1:2::9", 32, "2001:db8::/32"],
    ["RFC 4291 2.3: a prefix inside a group", "2001:db8:1:2:ffff::9", 65, "2001:db8:1:2:8000::/65"],
    ["redis-protocol: no grouping", "2001:db8:1:2::9", 128, "2001:db8:1:2::9"],
    ["CVE-2026-30827: IPv4 stays", "203.0.113.9", 64, "203.0.113.9"],
    ["CVE-2026-30827: mapped IPv4 is IPv4", "::ffff:203.0.113.9", 64, "203.0.113.9"],
    ["RFC 4291 2.5.3: loopback stays", "::1", 64, "::1"],
    ["RFC 4291 2.5.6: link-local stays", "fe80::1:2", 64, "fe80::1:2"],
    ["RFC 4291 2.5.6: link-local is a /10", "febf::1", 64, "febf::1"],
    ["RFC 4291 2.5.7: behind it no more", "fec0::1", 64, "fec0::/64"],
    ["RFC 6052 2.1: translated IPv4 clients are many", "64:ff9b::cb00:7109", 64, "64:ff9b::cb00:7109"],
    ["RFC 8215 4: a local translation prefix is not known", "64:ff9b:1::1", 64, "64:ff9b:1::/64"],
  ])("holds to %s: %s by %i is %s", (_source, address, prefix, group) => {
    expect(groupAddress(address, prefix)).toBe(group);
  });

  it.each([31, 129, 64.5, Number.NaN])("refuses a prefix of %d", (prefix) => {
    expect(() => groupAddress("::1", prefix)).toThrow(
      expect.objectContaining({ code: "PRESENCE_INVALID_IPV6_PREFIX" }),
    );
  });

  it("refuses what is no bare address, and names it", () => {
    expect(() => groupAddress("1.2.3.4.5", 64)).toThrow(ClientAddressError);
    expect(() => groupAddress("1.2.3.4.5", 64)).toThrow('"1.2.3.4.5" is no IP address');
  });

  it("puts two addresses together exactly when their first bits agree", () => {
    fc.assert(
      fc.property(
        fc.bigInt(0n, 2n ** 128n - 1n),
        fc.nat(127),
        fc.integer({ min: 32, max: 128 }),
        (bits, flip, prefix) => {
          const one = textOf(bits);
          const other = textOf(bits ^ (1n << BigInt(127 - flip)));
          fc.pre(
            ![one, other].some((text) => text.includes(".") || /^(?:fe[89ab].:|::1$|64:ff9b::)/.test(text)),
          );
          expect(groupAddress(one, prefix) === groupAddress(other, prefix)).toBe(flip >= prefix);
        },
      ),
      { numRuns: 10_000 },
    );
  });
});

describe("maskAddress", () => {
  it.each([
    ["203.0.113.9", "203.0.113.0/24"],
    ["::ffff:203.0.113.9", "203.0.113.0/24"],
    ["2001:db8:1:2::9", "2001:db8:1::/48"],
    ["2001:db8:1:2::/64", "2001:db8:1::/48"],
    ["2001:db8::/32", "2001:db8::/32"],
    ["203.0.113.0/24", "203.0.113.0/24"],
    ["10.0.0.0/8", "10.0.0.0/8"],
    ["::1", "::/48"],
    ["fe80::1:2", "fe80::/48"],
  ])("shows %s as %s", (address, masked) => {
    expect(maskAddress(address)).toBe(masked);
  });

  it.each(["", "unknown", "203.0.113.9/x", "203.0.113.9/33", "2001:db8::/", "2001:db8::/64.5", "1.2.3.4.5"])(
    "refuses %j",
    (text) => {
      expect(() => maskAddress(text)).toThrow(expect.objectContaining({ code: "PRESENCE_INVALID_ADDRESS" }));
    },
  );
});

describe("hashAddress", () => {
  const key = new Uint8Array(32).fill(7);

  it("is HMAC-SHA-256 cut to 128 bits, as base64url", () => {
    // RFC 4231 section 4.2, test case 1, whose digest begins b0344c61d8db38535ca8afceaf0bf12b.
    expect(hashAddress("Hi There", new Uint8Array(20).fill(0x0b))).toBe(
      Buffer.from("b0344c61d8db38535ca8afceaf0bf12b", "hex").toString("base64url"),
    );
  });

  it("is 22 printable characters, the same for the same address and key", () => {
    expect(hashAddress("203.0.113.9", key)).toMatch(/^[\w-]{22}$/);
    expect(hashAddress("203.0.113.9", key)).toBe(hashAddress("203.0.113.9", Uint8Array.from(key)));
  });

  it("differs for another address and for another key", () => {
    const hashes = [
      hashAddress("203.0.113.9", key),
      hashAddress("203.0.113.8", key),
      hashAddress("203.0.113.9", new Uint8Array(32).fill(8)),
    ];
    expect(new Set(hashes).size).toBe(3);
  });

  it("refuses a key that is too short to keep a secret, and says how short", () => {
    expect(() => hashAddress("203.0.113.9", new Uint8Array(15))).toThrow(
      expect.objectContaining({
        code: "PRESENCE_INVALID_HASH_KEY",
        message: expect.stringMatching(/at least 16 .* got 15/) as string,
      }),
    );
    expect(hashAddress("203.0.113.9", new Uint8Array(16))).toHaveLength(22);
  });
});

function textOf(bits: bigint): string {
  const groups = bits.toString(16).padStart(32, "0").match(/.{4}/g) ?? [];
  return canonicalAddress(groups.join(":")) ?? "";
}
