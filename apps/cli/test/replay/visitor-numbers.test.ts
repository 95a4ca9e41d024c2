import { canonicalAddress, groupAddress, maskAddress } from "@presence/client-address";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createLogLine } from "../../src/access-log/log-line.ts";
import { readAddress } from "../../src/access-log/read-address.ts";
import { createVisitorNumbers } from "../../src/replay/visitor-numbers.ts";
import { createWordTable } from "../../src/access-log/word-table.ts";

const ADDRESSES = fc.oneof(
  fc.ipV4(),
  fc.ipV6(),
  // Neighbours, so that groups are met again.
  fc
    .tuple(fc.constantFrom("2001:db8:1", "2001:db8:1:2", "fe80:", "64:ff9b:", "febf:ffff"), fc.nat(3))
    .map(([net, host]) => `${net}::${host}`),
  fc.nat(300).map((host) => `203.0.113.${host % 256}`),
  fc.constantFrom("::1", "::", "::2", "::ffff:203.0.113.9"),
);

describe("visitors of a log", () => {
  it.each([
    [false, 64],
    [false, 32],
    [false, 100],
    [false, 128],
    [true, 64],
    [true, 40],
  ])("are told apart as everywhere else (masked: %s, /%d)", (isMasked, ipv6Prefix) => {
    fc.assert(
      fc.property(fc.array(ADDRESSES, { maxLength: 200 }), (addresses) => {
        const numbers = createVisitorNumbers({ isMasked, ipv6Prefix });
        const line = createLogLine();
        const byText = new Map<string, string>();
        for (const address of addresses) {
          const bytes = Buffer.from(address);
          const canonical = canonicalAddress(address);
          expect(readAddress(bytes, 0, bytes.length, line)).toBe(canonical !== null);
          if (canonical === null) continue;
          const group = groupAddress(canonical, ipv6Prefix);
          const text = isMasked ? maskAddress(group) : group;
          const kind = numbers.kindOf(line);
          const number = `${kind} ${numbers.of(kind, line)}`;
          expect(byText.get(text) ?? number).toBe(number);
          byText.set(text, number);
        }
        expect(new Set(byText.values()).size).toBe(byText.size);
        expect(numbers.size()).toBe(byText.size);
      }),
    );
  });
});

describe("a table of words", () => {
  it.each([1, 2, 4] as const)("numbers %d words in the order they are first seen, as it grows", (words) => {
    const table = createWordTable(words);
    const key = (index: number) =>
      [index * 0x9e37_79b1, index, ~index, index << 16].map((word) => word >>> 0) as [
        number,
        number,
        number,
        number,
      ];
    for (let index = 0; index < 20_000; index += 1) expect(table.indexOf(...key(index))).toBe(index);
    for (let index = 0; index < 20_000; index += 7) expect(table.indexOf(...key(index))).toBe(index);
    expect(table.size()).toBe(20_000);
  });

  it("tells words apart that meet in one place, in a table as full as it gets", () => {
    const table = createWordTable(1);
    const most = (1 << 15) * (7 / 8);
    for (let word = 0; word < most; word += 1) table.indexOf(word, 0, 0, 0);
    expect(table.size()).toBe(most);
    for (let word = most - 1; word >= 0; word -= 1) expect(table.indexOf(word, 0, 0, 0)).toBe(word);
    expect(table.indexOf(most, 0, 0, 0)).toBe(most);
    expect(table.size()).toBe(most + 1);
  });
});
