import { describe, expect, it } from "vitest";
import { createVisitorReader, type HashKeys, hashAddress, type VisitorReading } from "../src/index.ts";

const ADDRESS = "203.0.113.9";
const [MONDAY, TUESDAY, WEDNESDAY] = [1, 2, 3].map((day) => new Uint8Array(32).fill(day)) as [
  Uint8Array,
  Uint8Array,
  Uint8Array,
];

describe("identity", () => {
  it.each([
    ["ip", "2001:db8:1:2::9", "2001:db8:1:2::/64"],
    ["ip", "::ffff:203.0.113.9", "203.0.113.9"],
    ["masked", "203.0.113.9", "203.0.113.0/24"],
    ["masked", "::ffff:203.0.113.9", "203.0.113.0/24"],
    ["masked", "2001:db8:1:2::9", "2001:db8:1::/48"],
    ["masked", "64:ff9b::203.0.113.9", "64:ff9b::/48"],
  ] as const)("%s makes of %s the visitor %s", (identity, address, visitor) => {
    expect(createVisitorReader({ identity }).ofAddress(address)).toEqual({ visitor, isBot: false });
  });

  it("hashes the group, so that one machine's addresses stay one visitor", () => {
    const { read } = hashing({ current: MONDAY });
    expect(read("2001:db8:1:2::9")).toEqual(read("2001:db8:1:2:a:b:c:d"));
    expect(read("2001:db8:1:2::9")).toEqual({
      visitor: hashAddress("2001:db8:1:2::/64", MONDAY),
      isBot: false,
    });
  });

  it("names the former text of each visitor while visitors are moved to a new key, and no longer", () => {
    const { read, turn } = hashing({ current: MONDAY });
    expect(read()).not.toHaveProperty("replaces");
    turn({ current: TUESDAY, previous: MONDAY });
    expect(read()).toEqual({
      visitor: hashAddress(ADDRESS, TUESDAY),
      replaces: hashAddress(ADDRESS, MONDAY),
      isBot: false,
    });
    turn({ current: TUESDAY });
    expect(read()).toEqual({ visitor: hashAddress(ADDRESS, TUESDAY), isBot: false });
    turn({ current: WEDNESDAY, previous: TUESDAY });
    expect(read()).toMatchObject({ replaces: hashAddress(ADDRESS, TUESDAY) });
  });

  it("knows the former text in a process that began after the key changed", () => {
    const { read } = hashing({ current: TUESDAY, previous: MONDAY });
    expect(read()).toMatchObject({ replaces: hashAddress(ADDRESS, MONDAY) });
  });

  it("counts nobody while there is no key, and goes on with the next one", () => {
    const { read, turn } = hashing(null);
    expect(read()).toEqual({ visitor: null, reason: "key" });
    turn({ current: MONDAY });
    expect(read()).toMatchObject({ visitor: hashAddress(ADDRESS, MONDAY) });
    turn(null);
    expect(read()).toEqual({ visitor: null, reason: "key" });
  });
});

/** A reader whose keys the test turns. */
function hashing(first: HashKeys | null): {
  readonly read: (address?: string) => VisitorReading;
  readonly turn: (keys: HashKeys | null) => void;
} {
  let keys = first;
  const reader = createVisitorReader({ identity: { hashKeys: () => keys } });
  return {
    read: (address = ADDRESS) => reader.ofAddress(address),
    turn: (next) => {
      keys = next;
    },
  };
}
