import { isIP, isIPv4, SocketAddress } from "node:net";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalAddress } from "../src/index.ts";

/** [where the rule comes from, the text, its one canonical text]. */
const ROWS: readonly (readonly [source: string, text: string, canonical: string | null])[] = [
  ["RFC 791: dotted decimal", "203.0.113.9", "203.0.113.9"],
  ["RFC 791: all zeros", "0.0.0.0", "0.0.0.0"],
  ["RFC 791: all ones", "255.255.255.255", "255.255.255.255"],
  ["RFC 6943 3.1.1: octal is ambiguous", "01.2.3.4", null],
  ["RFC 6943 3.1.1: a leading zero is ambiguous", "1.2.3.00", null],
  ["RFC 6943 3.1.1: hexadecimal is ambiguous", "0x7f.0.0.1", null],
  ["RFC 6943 3.1.1: shortened forms are ambiguous", "127.1", null],
  ["RFC 6943 3.1.1: one number is ambiguous", "2130706433", null],
  ["RFC 791: an octet has eight bits", "1.2.3.256", null],
  ["RFC 791: there are four octets", "1.2.3.4.5", null],
  ["RFC 791: no octet is empty", "1..2.3", null],
  ["RFC 791: no octet is empty at the end", "1.2.3.", null],
  ["RFC 791: digits are ASCII", "１.2.3.4", null],
  ["RFC 9110 5.6.3: blanks around a value are no part of it", " \t203.0.113.9 \t", "203.0.113.9"],
  ["RFC 9110 5.6.3: other white space is no blank", "\u00a0203.0.113.9", null],
  ["RFC 9110 5.5: no control characters", "203.0.113.9\u0000", null],
  ["RFC 9110 5.6.4: a quoted value", '"203.0.113.9"', "203.0.113.9"],
  ["RFC 9110 5.6.4: a lone quote", '"203.0.113.9', null],
  ["RFC 9110 5.6.4: nothing quoted", '""', null],
  ["RFC 7239 6: a port behind IPv4, as Azure's gateway sends it", "203.0.113.9:47011", "203.0.113.9"],
  ["RFC 7239 6: a quoted port", '"192.0.2.43:47011"', "192.0.2.43"],
  ["RFC 793: ports end at 65535", "203.0.113.9:65536", null],
  ["RFC 793: and that is one", "203.0.113.9:65535", "203.0.113.9"],
  ["RFC 7239 6: a port has a digit", "203.0.113.9:", null],
  ["RFC 7239 6: a port has digits only", "203.0.113.9:http", null],
  ["RFC 3986 3.2.2: brackets around IPv6", "[2001:db8::1]", "2001:db8::1"],
  ["RFC 3986 3.2.2: brackets and a port", "[2001:db8::1]:443", "2001:db8::1"],
  ["RFC 7239 6: quotes, brackets and a port", '"[2001:db8:cafe::17]:4711"', "2001:db8:cafe::17"],
  ["RFC 3986 3.2.2: brackets are for IPv6", "[203.0.113.9]", null],
  ["RFC 3986 3.2.2: a bracket closes", "[2001:db8::1", null],
  ["RFC 3986 3.2.2: only a port may follow", "[2001:db8::1]x", null],
  ["RFC 3986 3.2.2: a port may not be text", "[2001:db8::1]:https", null],
  ["RFC 4007 11: a zone is not part of the address", "fe80::1%eth0", "fe80::1"],
  ["RFC 6874 2: a zone in brackets", "[fe80::1%25eth0]:80", "fe80::1"],
  ["RFC 4007 11: a zone as long as any may be", `fe80::1%${"z".repeat(120)}`, "fe80::1"],
  ["RFC 4007 11: and one longer", `fe80::1%${"z".repeat(121)}`, null],
  ["RFC 4007 11: a zone is not empty", "fe80::1%", null],
  ["RFC 4007 11: IPv4 has no zone", "203.0.113.9%eth0", null],
  ["RFC 5952 4.1: no leading zeros", "2001:0db8::0001", "2001:db8::1"],
  ["RFC 5952 4.2.1: as short as possible", "2001:db8:0:0:0:0:2:1", "2001:db8::2:1"],
  ["RFC 5952 4.2.2: one zero group stays", "2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1"],
  ["RFC 5952 4.2.3: the longest run", "2001:0:0:1:0:0:0:1", "2001:0:0:1::1"],
  ["RFC 5952 4.2.3: of equal runs the first", "2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"],
  ["RFC 5952 4.3: lower case", "2001:DB8::ABCD", "2001:db8::abcd"],
  ["RFC 4291 2.5.2: the unspecified address", "0:0:0:0:0:0:0:0", "::"],
  ["RFC 4291 2.5.3: loopback", "0:0:0:0:0:0:0:1", "::1"],
  ["RFC 4291 2.2: zeros at the end", "2001:db8:0:0:0:0:0:0", "2001:db8::"],
  ["RFC 4291 2.2: no run at all", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"],
  ["RFC 4291 2.2: :: occurs once", "2001::db8::1", null],
  ["RFC 4291 2.2: a group has four digits", "2001:db8::12345", null],
  ["RFC 4291 2.2: eight groups and no more", "1:2:3:4:5:6:7:8:9", null],
  ["CVE-2026-30827: a mapped address is IPv4", "::ffff:203.0.113.9", "203.0.113.9"],
  ["express-rate-limit 8.6.2: by bits, not by notation", "::ffff:cb00:7109", "203.0.113.9"],
  ["CVE-2026-39409: mapped, written in full", "0:0:0:0:0:FFFF:203.0.113.9", "203.0.113.9"],
  ["RFC 3986 3.2.2: mapped, in brackets", "[::ffff:203.0.113.9]:80", "203.0.113.9"],
  ["RFC 4291 2.5.5.1: IPv4-compatible is not mapped", "::203.0.113.9", "::cb00:7109"],
  ["RFC 6052 2.1: a translated address is its own", "64:ff9b::203.0.113.9", "64:ff9b::cb00:7109"],
  ["RFC 4291 2.2: the dotted part is valid IPv4", "::ffff:203.0.113.09", null],
  ["RFC 7239 6.2: unknown", "unknown", null],
  ["RFC 7239 6.3: obfuscated", "_hidden", null],
  ["RFC 9110 5.5: empty", "", null],
  ["RFC 9110 5.5: blank", "  ", null],
  ["RFC 1034 3.5: a host name is no address", "localhost", null],
  ["RFC 4632 3.1: a network is no address", "203.0.113.0/24", null],
  ["Node joins repeated lines of a header", "203.0.113.9, 203.0.113.10", null],
  ["node:http: 16 KB of header", "1".repeat(16_384), null],
];

describe("canonicalAddress", () => {
  it.each(ROWS)("holds to %s: %j is %j", (_source, text, canonical) => {
    expect(canonicalAddress(text)).toBe(canonical);
  });

  it("reads IPv4 exactly where Node does", () => {
    const nearly = fc.stringMatching(/^[0-9.]{5,16}$/);
    fc.assert(
      fc.property(fc.oneof(nearly, fc.ipV4(), fc.string()), (text) => {
        fc.pre(!/^[ \t"]|[ \t"]$/.test(text));
        expect(canonicalAddress(text) === text && text.includes(".")).toBe(isIPv4(text));
      }),
      { numRuns: 20_000 },
    );
  });

  it("writes IPv6 as Node's own address type does", () => {
    fc.assert(
      fc.property(fc.ipV6(), (text) => {
        const canonical = canonicalAddress(text) ?? "";
        // Node keeps the dots of mapped and compatible addresses, which are compared by their bits.
        const address = isIPv4(canonical) ? `::ffff:${canonical}` : canonical;
        const family = "ipv6";
        expect(new SocketAddress({ address, family }).address).toBe(
          new SocketAddress({ address: text, family }).address,
        );
      }),
      { numRuns: 10_000 },
    );
  });

  it("gives null or an address that is its own canonical text, whatever the text", () => {
    const pieces = fc.constantFrom(
      ...[":", "::", ".", "[", "]", "%", '"', "/", "_", " ", "ffff", "0", "1", "255", "256"],
    );
    const address = fc.oneof(fc.ipV4(), fc.ipV6());
    const decorated = fc.array(fc.oneof(pieces, address), { maxLength: 12 }).map((parts) => parts.join(""));
    fc.assert(
      fc.property(
        fc.oneof(decorated, fc.string({ unit: "binary" }), fc.string({ maxLength: 60 })),
        (text) => {
          const canonical = canonicalAddress(text);
          if (canonical === null) return;
          expect(isIP(canonical)).toBeGreaterThan(0);
          expect(canonical.length).toBeLessThanOrEqual(45);
          expect(canonicalAddress(canonical)).toBe(canonical);
        },
      ),
      { numRuns: 100_000 },
    );
  });
});
