import type { IncomingHttpHeaders } from "node:http";
import { isIP } from "node:net";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  canonicalAddress,
  type ClientAddressOptions,
  createClientAddressResolver,
  groupAddress,
} from "../src/index.ts";

const CLIENT = "203.0.113.9";
const FORGED = "6.6.6.6";
/** nginx on this machine, a balancer of 10/8 before it, a CDN before that. */
const TRUSTED = ["loopback", "10.0.0.0/8", "198.51.100.0/24"];

interface Row {
  readonly peer: string | undefined;
  readonly headers?: IncomingHttpHeaders;
  readonly options?: ClientAddressOptions;
  readonly client: string | null;
}

/** A request of `peer` with this `X-Forwarded-For`. */
function xff(peer: string, value: string, client: string | null, trustedProxies = TRUSTED): Row {
  return { peer, headers: { "x-forwarded-for": value }, options: { trustedProxies }, client };
}

/** A request of nginx with this `Forwarded`. */
function forwarded(value: string, client: string): Row {
  const options = { trustedProxies: TRUSTED, header: "forwarded" };
  return { peer: "127.0.0.1", headers: { forwarded: value }, options, client };
}

/** A request of a CDN with this `CF-Connecting-IP`. */
function single(value: string | undefined, client: string): Row {
  const options = { trustedProxies: TRUSTED, header: "CF-Connecting-IP" };
  return {
    peer: "198.51.100.7",
    headers: value === undefined ? {} : { "cf-connecting-ip": value },
    options,
    client,
  };
}

// Where a rule comes from: DESIGN is this project's own, finding N that of its notes on how others went wrong.
const ROWS: Readonly<Record<string, Row>> = {
  // Who is the peer
  "socket: no proxy": { peer: CLIENT, client: CLIENT },
  "socket: a dual-stack listener shows IPv4 as mapped": { peer: `::ffff:${CLIENT}`, client: CLIENT },
  "express-rate-limit 8.6.2: mapped, in hexadecimal": { peer: "::ffff:cb00:7109", client: CLIENT },
  "CVE-2026-39409: mapped, in full": { peer: "0:0:0:0:0:ffff:203.0.113.9", client: CLIENT },
  "RFC 5952: IPv6 in its one form, by its /64": { peer: "2001:DB8:1:2::9", client: "2001:db8:1:2::/64" },
  "RFC 4007 11: a link-local peer has a zone": { peer: "fe80::1%eth0", client: "fe80::1" },
  "node:net: the connection is gone": { peer: undefined, client: null },
  "node:net: a peer that is no address": { peer: "somebody", client: null },
  "node:net: an empty peer": { peer: "", client: null },
  "unix(7): an untrusted Unix peer has no address": { peer: "unix", client: null },
  "unix(7): nor has a trusted one without the header": {
    peer: "unix",
    options: { trustedProxies: ["unix"] },
    client: null,
  },
  "nginx proxy_pass http://unix: a trusted Unix peer": xff("unix", CLIENT, CLIENT, ["unix"]),
  "unix(7): loopback does not mean a Unix peer": xff("unix", CLIENT, null, ["loopback"]),
  "finding 4: a trusted Unix peer whose entry is none": xff("unix", "unknown", null, ["unix"]),

  // Is it believed
  "koa request.ips: a direct hit with the header": xff(CLIENT, FORGED, CLIENT),
  "koa request.ips: nobody is trusted by default": xff("127.0.0.1", FORGED, "127.0.0.1", []),
  "finding 2: the CDN was bypassed, nginx appended who came": xff(
    "127.0.0.1",
    `${FORGED}, ${CLIENT}`,
    CLIENT,
  ),
  "nodejs/node#43360: a trusted /32 is one address": xff("192.0.2.7", FORGED, "192.0.2.7", ["192.0.2.8/32"]),
  "nodejs/node#43360: and that one": xff("192.0.2.8", CLIENT, CLIENT, ["192.0.2.8/32"]),
  "RFC 4291 2.3: a trusted /128": xff("2001:db8::1", CLIENT, CLIENT, ["2001:db8::1/128"]),
  "RFC 4291 2.3: is one address": xff("2001:db8::2", FORGED, "2001:db8::/64", ["2001:db8::1/128"]),
  "RFC 4291 2.5.5.2: a trusted mapped network": xff("10.1.2.3", CLIENT, CLIENT, ["::ffff:10.0.0.0/104"]),
  "RFC 4291 2.5.5.2: a mapped peer in an IPv4 network": xff("::ffff:10.1.2.3", CLIENT, CLIENT, [
    "10.0.0.0/8",
  ]),
  "node:net BlockList: an IPv6 network trusts no IPv4": xff(CLIENT, FORGED, CLIENT, ["::/1"]),
  "RFC 1918: private": xff("172.20.0.1", CLIENT, CLIENT, ["private"]),
  "RFC 4193: private, IPv6": xff("fd12::1", CLIENT, CLIENT, ["private"]),
  "RFC 4007 11: a link-local proxy has a zone": xff("fe80::1%eth0", CLIENT, CLIENT, ["fe80::/10"]),

  // How it is walked
  "nginx realip: one proxy": xff("127.0.0.1", CLIENT, CLIENT),
  "nginx real_ip_recursive: two proxies": xff("127.0.0.1", `${CLIENT}, 10.0.0.7`, CLIENT),
  "nginx real_ip_recursive: three": xff("127.0.0.1", `${CLIENT}, 198.51.100.7, 10.0.0.7`, CLIENT),
  "finding 1: what the client wrote stands leftmost": xff(
    "127.0.0.1",
    `${FORGED}, ${CLIENT}, 10.0.0.7`,
    CLIENT,
  ),
  "proxy-addr: a trusted address behind an untrusted one": xff("127.0.0.1", `10.9.9.9, ${CLIENT}`, CLIENT),
  "proxy-addr: all trusted, the leftmost": xff("127.0.0.1", "10.0.0.5, 10.0.0.7", "10.0.0.5"),
  "RFC 9110 5.3: repeated lines, as Node joins them": xff(
    "127.0.0.1",
    `${FORGED}, ${CLIENT}, 10.0.0.7`,
    CLIENT,
  ),
  "RFC 9110 5.3: repeated lines, as a list": {
    peer: "127.0.0.1",
    headers: { "x-forwarded-for": [FORGED, CLIENT, "10.0.0.7"] },
    options: { trustedProxies: TRUSTED },
    client: CLIENT,
  },
  "finding 4: the rightmost entry is none": xff("10.0.0.7", `${CLIENT}, unknown`, "10.0.0.7"),
  "finding 4: an entry that is none ends the walk": xff("127.0.0.1", `${CLIENT}, x, 10.0.0.7`, "10.0.0.7"),
  "RFC 9110 5.6.1: an empty element": xff("127.0.0.1", `${CLIENT}, , 10.0.0.7`, "10.0.0.7"),
  "RFC 9110 5.6.1: a comma at the end": xff("127.0.0.1", `${CLIENT},`, "127.0.0.1"),
  "RFC 9110 5.6.1: a comma at the beginning": xff("127.0.0.1", `,${CLIENT}`, CLIENT),
  "RFC 9110 5.5: an empty header": xff("127.0.0.1", "", "127.0.0.1"),
  "squid forwarded_for off: unknown": xff("127.0.0.1", "unknown", "127.0.0.1"),
  "RFC 9110 5.6.3: blanks, tabs too": xff("127.0.0.1", ` \t${CLIENT}\t ,  10.0.0.7 `, CLIENT),
  "finding 7: Azure's gateway adds a port": xff("127.0.0.1", `${CLIENT}:47011`, CLIENT),
  "finding 7: brackets": xff("127.0.0.1", "[2001:db8:1:2::9]", "2001:db8:1:2::/64"),
  "finding 7: brackets and a port": xff("127.0.0.1", "[2001:db8:1:2::9]:443", "2001:db8:1:2::/64"),
  "finding 7: a zone": xff("127.0.0.1", "fe80::1%eth0", "fe80::1"),
  "finding 7: octal is no address": xff("127.0.0.1", "0313.0.113.9", "127.0.0.1"),
  "CVE-2026-30827: mapped in the header": xff("127.0.0.1", `::ffff:${CLIENT}`, CLIENT),
  "express-rate-limit 8.6.2: mapped in the header, in hexadecimal": xff(
    "127.0.0.1",
    "::ffff:cb00:7109",
    CLIENT,
  ),
  "CVE-2026-39409: mapped in the header, in brackets": xff("127.0.0.1", `[::FFFF:${CLIENT}]:1`, CLIENT),
  "finding 8: a mapped hop is trusted as IPv4": xff("127.0.0.1", `${CLIENT}, ::ffff:10.0.0.7`, CLIENT),
  "G19: 500 hops, all trusted": xff("127.0.0.1", hops(500), "10.0.0.0"),
  "G19: 500 hops behind the client": xff("127.0.0.1", `${FORGED}, ${CLIENT}, ${hops(500)}`, CLIENT),
  "node:http: 16 KB of junk": xff("127.0.0.1", "x".repeat(16_384), "127.0.0.1"),
  "node:http: 16 KB of commas": xff("127.0.0.1", ",".repeat(16_384), "127.0.0.1"),
  "node:http: 16 KB of junk before the client": xff("127.0.0.1", `${"x,".repeat(8_192)}${CLIENT}`, CLIENT),

  // Which header
  "RFC 7239 4: one element": forwarded(`for=${CLIENT}`, CLIENT),
  "RFC 7239 4: several parameters": forwarded(`proto=https;For=${CLIENT} ; by=10.0.0.7`, CLIENT),
  "RFC 7239 4: two elements": forwarded(`for=${FORGED}, for=${CLIENT}, for=10.0.0.7`, CLIENT),
  "RFC 7239 6: quoted, with a port": forwarded(`for="${CLIENT}:47011"`, CLIENT),
  "RFC 7239 6: IPv6 is quoted and bracketed": forwarded('for="[2001:db8:1:2::9]"', "2001:db8:1:2::/64"),
  "RFC 7239 6: IPv6 with a port": forwarded('for="[2001:db8:1:2::9]:4711"', "2001:db8:1:2::/64"),
  "RFC 7239 6: IPv6 that a proxy failed to quote": forwarded("for=[2001:db8:1:2::9]:1", "2001:db8:1:2::/64"),
  "RFC 7239 6.2: unknown": forwarded(`for=${FORGED}, for=unknown`, "127.0.0.1"),
  "RFC 7239 6.3: obfuscated": forwarded(`for=${FORGED}, for=_SEVKISEK`, "127.0.0.1"),
  "RFC 7239 6.3: an obfuscated port": forwarded(`for="${CLIENT}:_x1"`, CLIENT),
  "RFC 7239 4: no for in the element": forwarded(`for=${FORGED}, proto=http`, "127.0.0.1"),
  "RFC 7239 4: for occurs once": forwarded(`for=${FORGED};for=${CLIENT}`, "127.0.0.1"),
  "RFC 9110 5.6.4: a comma inside quotes": forwarded(`for=${CLIENT};by="a,for=${FORGED}"`, CLIENT),
  "RFC 9110 5.6.4: an escaped quote": forwarded(`for=${CLIENT};host="a\\",b"`, CLIENT),
  "RFC 9110 5.6.4: an escaped quote behind a comma": forwarded(`for=${CLIENT};host="a,b\\"c"`, CLIENT),
  "RFC 9110 5.6.4: an escaped backslash before the end": forwarded(
    `for=${FORGED}, for=${CLIENT};host="a\\\\"`,
    CLIENT,
  ),
  "RFC 9110 5.6.4: a quote the client left open": forwarded(`for="${FORGED}, for=${CLIENT}`, CLIENT),
  "RFC 9110 5.6.4: an escaped address": forwarded(`for="2\\03.0.113.9"`, CLIENT),
  "RFC 7239 4: no element at all": forwarded("", "127.0.0.1"),
  "RFC 7239 4: what is none": forwarded(CLIENT, "127.0.0.1"),
  "DESIGN 8: Forwarded alone is read where it is named": {
    peer: "127.0.0.1",
    headers: { forwarded: `for=${CLIENT}`, "x-forwarded-for": FORGED },
    options: { trustedProxies: TRUSTED, header: "Forwarded" },
    client: CLIENT,
  },
  "DESIGN 8: and not where it is not": {
    peer: "127.0.0.1",
    headers: { forwarded: `for=${FORGED}`, "x-real-ip": FORGED },
    options: { trustedProxies: TRUSTED },
    client: "127.0.0.1",
  },
  "Cloudflare: CF-Connecting-IP": single(CLIENT, CLIENT),
  "Cloudflare: IPv6": single("2001:db8:1:2::9", "2001:db8:1:2::/64"),
  "finding 3: two lines of it, joined": single(`${FORGED}, ${CLIENT}`, "198.51.100.7"),
  "Cloudflare: it is missing": single(undefined, "198.51.100.7"),
  "finding 3: from a peer that is not trusted": {
    peer: CLIENT,
    headers: { "cf-connecting-ip": FORGED },
    options: { trustedProxies: TRUSTED, header: "cf-connecting-ip" },
    client: CLIENT,
  },
  "DESIGN 8: a name that every object has": {
    peer: "127.0.0.1",
    options: { trustedProxies: TRUSTED, header: "constructor" },
    client: "127.0.0.1",
  },

  // Whom it is counted as
  "RFC 6177: a /56": {
    peer: "2001:db8:1:2ff::9",
    options: { ipv6Prefix: 56 },
    client: "2001:db8:1:200::/56",
  },
  "redis-protocol: a /128 is no group": {
    peer: "2001:DB8::9",
    options: { ipv6Prefix: 128 },
    client: "2001:db8::9",
  },
  "RFC 4291 2.5.3: ::1 is no group": { peer: "::1", client: "::1" },
};

describe("createClientAddressResolver", () => {
  it.each(Object.entries(ROWS))("holds to %s", (_source, { peer, headers = {}, options, client }) => {
    expect(createClientAddressResolver(options)(peer, headers)).toBe(client);
  });

  it("believes the same text the same way twice", () => {
    const resolve = createClientAddressResolver({ trustedProxies: TRUSTED });
    const headers = { "x-forwarded-for": "[2001:db8:1:2::9]:443, 10.0.0.7" };
    expect([1, 2].map(() => resolve("127.0.0.1", headers))).toEqual([
      "2001:db8:1:2::/64",
      "2001:db8:1:2::/64",
    ]);
  });

  it.each([
    ["PRESENCE_INVALID_ADDRESS_SET", { trustedProxies: ["10.0.0.0/33"] }, '"10.0.0.0/33"'],
    ["PRESENCE_UNSAFE_TRUST", { trustedProxies: ["loopback", "0.0.0.0/0"] }, "0.0.0.0/0"],
    ["PRESENCE_UNSAFE_TRUST", { trustedProxies: ["::/0"] }, "::/0"],
    ["PRESENCE_UNSAFE_TRUST", { trustedProxies: ["::ffff:0:0/96"] }, "::ffff:0:0/96"],
    ["PRESENCE_INVALID_CLIENT_HEADER", { header: "x forwarded for" }, '"x forwarded for"'],
    ["PRESENCE_INVALID_CLIENT_HEADER", { header: "" }, '""'],
    ["PRESENCE_INVALID_IPV6_PREFIX", { ipv6Prefix: 31 }, "31"],
  ])("refuses with %s, and names what it refuses: %j", (code, options, named) => {
    expect(() => createClientAddressResolver(options)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(named) }),
    );
  });

  it("counts 10,000 forged headers of one untrusted peer as one", () => {
    const resolve = createClientAddressResolver({ trustedProxies: TRUSTED });
    const visitors = new Set<string | null>();
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6(), fc.string()), (value) => {
        visitors.add(resolve(CLIENT, { "x-forwarded-for": value, forwarded: `for="${value}"` }));
      }),
      { numRuns: 10_000 },
    );
    expect([...visitors]).toEqual([CLIENT]);
  });

  it("counts 10,000 addresses of one /64 as one, and two mapped addresses as two", () => {
    const resolve = createClientAddressResolver();
    const addresses = Array.from({ length: 10_000 }, (_, host) => `2001:db8:1:2:${host.toString(16)}::9`);
    expect(new Set(addresses.map((address) => resolve(address, {})))).toEqual(new Set(["2001:db8:1:2::/64"]));
    expect(resolve("::ffff:1.2.3.4", {})).not.toBe(resolve("::ffff:1.2.3.5", {}));
  });

  it("answers nothing but a canonical address, a group of one, or null, whatever the strings", () => {
    // Six ways to read each of them: 120,000 cases.
    const ways = ["x-forwarded-for", "forwarded", "x-real-ip"].flatMap((header) =>
      [64, 128].map((ipv6Prefix) => ({
        header,
        ipv6Prefix,
        resolve: createClientAddressResolver({ trustedProxies: [...TRUSTED, "unix"], header, ipv6Prefix }),
      })),
    );
    const pieces = fc.constantFrom(
      ...[",", ";", "for=", '"', "\\", "[", "]", ":", "%", "_", " ", "\t", "::ffff:", "10.0.0.7", "unknown"],
    );
    const address = fc.oneof(fc.ipV4(), fc.ipV6());
    const list = fc
      .array(fc.oneof(pieces, address, fc.string({ maxLength: 4 })), { maxLength: 10 })
      .map((parts) => parts.join(""));
    const value = fc.oneof(list, fc.string({ unit: "binary" }), fc.string());
    const peer = fc.oneof(
      fc.constantFrom("127.0.0.1", "::ffff:10.0.0.7", "unix", "fe80::1%eth0"),
      address,
      value,
    );
    fc.assert(
      fc.property(peer, value, (from, text) =>
        ways.every(({ header, ipv6Prefix, resolve }) => {
          const client = resolve(from, { [header]: text });
          return client === null || isCanonical(client, ipv6Prefix);
        }),
      ),
      { numRuns: 20_000 },
    );
  });
});

/** Whether `client` is a canonical address that stands for itself, or the group of one. */
function isCanonical(client: string, ipv6Prefix: number): boolean {
  const [address = ""] = client.split("/");
  return (
    isIP(address) !== 0 &&
    canonicalAddress(address) === address &&
    groupAddress(address, ipv6Prefix) === client &&
    client.length <= 45
  );
}

/** So many trusted hops. */
function hops(count: number): string {
  return Array.from({ length: count }, (_, hop) => `10.0.${hop >> 8}.${hop & 255}`).join(",");
}
