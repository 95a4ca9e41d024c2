import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createVisitorReader, isOfForm, type VisitorForm } from "../src/index.ts";

const key = new Uint8Array(32).fill(7);
const addresses = fc.oneof(fc.ipV4(), fc.ipV6());
const prefixes = fc.integer({ min: 32, max: 128 });
const identities = fc.constantFrom("ip", "masked", "hashed");

function visitorOf(address: string, { identity, ipv6Prefix }: VisitorForm): string {
  const made = identity === "hashed" ? { hashKeys: () => ({ current: key }) } : identity;
  return createVisitorReader({ identity: made, ipv6Prefix }).ofAddress(address).visitor ?? "";
}

describe("the form of a visitor", () => {
  it("is its own of each that a reader makes", () => {
    fc.assert(
      fc.property(addresses, prefixes, identities, (address, ipv6Prefix, identity) => {
        const form = { identity, ipv6Prefix };
        expect(isOfForm(visitorOf(address, form), form)).toBe(true);
      }),
    );
  });

  it.each([
    ["ip", 64, "2001:db8::1"],
    ["ip", 128, "2001:db8::/64"],
    ["ip", 64, "203.0.113.0/24"],
    ["ip", 64, "::ffff:203.0.113.9"],
    ["ip", 64, "203.0.113.09"],
    ["ip", 64, "user-42"],
    ["ip", 64, ""],
    ["masked", 64, "203.0.113.9"],
    ["masked", 64, "2001:db8::/64"],
    ["hashed", 64, "203.0.113.9"],
    ["hashed", 64, "2001:db8:1:2::/64"],
    ["hashed", 64, "x".repeat(21)],
    ["hashed", 64, "x".repeat(23)],
  ] as const)("of %s with /%i is another than that of %j", (identity, ipv6Prefix, visitor) => {
    expect(isOfForm(visitor, { identity, ipv6Prefix })).toBe(false);
  });

  it("is that of a visitor though its text has a form of another identity", () => {
    expect(isOfForm("203.0.113.9", { identity: "ip", ipv6Prefix: 64 })).toBe(true);
    expect(isOfForm("2001:db8:0:1::/64", { identity: "ip", ipv6Prefix: 64 })).toBe(true);
    expect(isOfForm("2001:db8::1", { identity: "ip", ipv6Prefix: 128 })).toBe(true);
    expect(isOfForm("203.0.113.0/24", { identity: "masked", ipv6Prefix: 64 })).toBe(true);
  });
});
