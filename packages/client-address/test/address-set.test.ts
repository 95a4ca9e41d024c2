import { BlockList, isIPv4 } from "node:net";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createAddressSet, createVisitorReader, isPrivateAddress, scopeOf } from "../src/index.ts";

describe("createAddressSet", () => {
  it.each([
    ["RFC 4632 3.1: inside", "10.0.0.0/8", "10.255.255.255", true],
    ["RFC 4632 3.1: just below", "10.0.0.0/8", "9.255.255.255", false],
    ["RFC 4632 3.1: just above", "10.0.0.0/8", "11.0.0.0", false],
    ["RFC 4632 3.1: bits behind the prefix", "10.1.2.3/8", "10.9.9.9", true],
    ["RFC 4632 3.1: the upper half of the space", "192.0.2.0/24", "192.0.2.255", true],
    ["nodejs/node#43360: a /32 is one address", "203.0.113.9/32", "203.0.113.9", true],
    ["nodejs/node#43360: a /32 is not all", "203.0.113.9/32", "203.0.113.8", false],
    ["nodejs/node#43360: no prefix is a /32", "203.0.113.9", "203.0.113.8", false],
    ["RFC 4632 3.1: all of IPv4", "0.0.0.0/0", "203.0.113.9", true],
    ["RFC 4291 2.3: all of IPv6 holds no IPv4", "::/0", "203.0.113.9", false],
    ["RFC 4291 2.3: nor does a network wider than the mapped one", "::/80", "::ffff:203.0.113.9", false],
    ["RFC 4291 2.3: all of IPv6", "::/0", "2001:db8::1", true],
    ["RFC 4291 2.3: inside", "2001:db8::/32", "2001:db8:ffff::1", true],
    ["RFC 4291 2.3: outside", "2001:db8::/32", "2001:db9::1", false],
    ["RFC 4291 2.3: a prefix inside a group", "2001:db8::/33", "2001:db8:8000::", false],
    ["RFC 4291 2.3: a /128 is one address", "2001:db8::1/128", "2001:db8::2", false],
    ["RFC 4291 2.5.5.2: a mapped address asked for", "10.0.0.0/8", "::ffff:10.0.0.7", true],
    ["RFC 4291 2.5.5.2: a mapped network", "::ffff:10.0.0.0/104", "10.255.0.1", true],
    ["RFC 4291 2.5.5.2: all mapped addresses", "::ffff:0:0/96", "203.0.113.9", true],
    ["RFC 1122 3.2.1.3: loopback is a /8", "loopback", "127.255.0.1", true],
    ["RFC 4291 2.5.3: loopback", "loopback", "::1", true],
    ["RFC 1918 3: loopback is not private", "private", "127.0.0.1", false],
    ["RFC 1918 3: 10/8", "private", "10.0.0.1", true],
    ["RFC 1918 3: 172.16/12", "private", "172.31.255.255", true],
    ["RFC 1918 3: behind 172.16/12", "private", "172.32.0.0", false],
    ["RFC 1918 3: 192.168/16", "private", "192.168.1.1", true],
    ["RFC 4193 3.1: unique local", "private", "fd00::1", true],
    ["RFC 6598 7: a carrier's addresses are many customers", "private", "100.64.0.1", false],
    ["unix(7): a Unix socket", "unix", "unix", true],
    ["unix(7): a Unix socket is not loopback", "loopback", "unix", false],
    ["no address at all", "0.0.0.0/0", "unknown", false],
  ])("holds to %s: %s, %s: %s", (_source, entry, address, isMember) => {
    expect(createAddressSet([entry]).has(address)).toBe(isMember);
  });

  it.each([
    ...["", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/08", "10.0.0.0/-1", "10.0.0.0/255.0.0.0", "2001:db8::/129"],
    ...["::ffff:10.0.0.0/95", "fe80::1%eth0", "[::1]", "10.0.0.1:80", "localhost", "Loopback", "constructor"],
  ])("refuses %j, and names it among good ones", (entry) => {
    expect(() => createAddressSet(["loopback", entry])).toThrow(
      expect.objectContaining({
        code: "PRESENCE_INVALID_ADDRESS_SET",
        message: expect.stringContaining(JSON.stringify(entry)),
      }),
    );
  });

  it("is empty without entries", () => {
    expect(createAddressSet([]).has("127.0.0.1")).toBe(false);
  });

  it("agrees with Node's BlockList of the address's own family: IPv6 networks hold no IPv4", () => {
    const network = fc.oneof(
      fc.tuple(fc.ipV4(), fc.integer({ min: 1, max: 32 })),
      fc.tuple(fc.ipV6(), fc.integer({ min: 1, max: 128 })).filter(([base]) => !isMapped(base)),
    );
    fc.assert(
      fc.property(
        fc.array(network, { maxLength: 4 }),
        fc.oneof(fc.ipV4(), fc.ipV6()),
        (networks, address) => {
          const blockLists = { ipv4: new BlockList(), ipv6: new BlockList() };
          for (const [base, prefix] of networks)
            blockLists[familyOf(base)].addSubnet(base, prefix, familyOf(base));
          const set = createAddressSet(networks.map(([base, prefix]) => `${base}/${prefix}`));
          for (const text of [address, ...networks.map(([base]) => base)])
            if (!isMapped(text))
              expect(set.has(text)).toBe(blockLists[familyOf(text)].check(text, familyOf(text)));
        },
      ),
      { numRuns: 10_000 },
    );
  });
});

describe("isPrivateAddress", () => {
  it.each([
    "127.0.0.1",
    "::1",
    "10.0.0.7",
    "fd12::1",
    "169.254.1.1",
    "fe80::1",
    "::ffff:192.168.0.1",
    "unix",
  ])("knows %s", (address) => {
    expect(isPrivateAddress(address)).toBe(true);
  });

  it.each(["203.0.113.9", "2001:db8::1", "100.64.0.1", "unknown", ""])("does not claim %j", (address) => {
    expect(isPrivateAddress(address)).toBe(false);
  });
});

function familyOf(address: string): "ipv4" | "ipv6" {
  return isIPv4(address) ? "ipv4" : "ipv6";
}

/** Node holds a mapped address to be IPv6 and IPv4, and IPv4 to be in each IPv6 network around the mapped ones. */
function isMapped(address: string): boolean {
  return /^(?:0*:)*:?ffff:/i.test(address);
}

describe("the scope of a client", () => {
  it.each([
    ["RFC 1122 3.2.1.3", "127.0.0.9", "loopback"],
    ["RFC 4291 2.5.3", "::1", "loopback"],
    ["RFC 1918 3", "172.16.0.1", "private"],
    ["RFC 4193 3.1", "fd00::1", "private"],
    ["RFC 3927 2.1", "169.254.1.1", "private"],
    ["RFC 4291 2.5.6", "fe80::1", "private"],
    ["RFC 5737 3", "203.0.113.9", "public"],
    ["RFC 3849 2", "2001:db8::1", "public"],
  ])("is, by %s, of %s: %s", (_source, address, scope) => {
    const client = createVisitorReader().clientAt(address);
    expect(client === null ? null : scopeOf(client.bits)).toBe(scope);
  });
});
