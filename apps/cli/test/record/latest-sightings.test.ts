import { canonicalAddress } from "@presence/client-address";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createLogLine } from "../../src/access-log/log-line.ts";
import { readAddress } from "../../src/access-log/read-address.ts";
import { createLatestSightings } from "../../src/record/latest-sightings.ts";

const ADDRESSES = fc.oneof(
  fc.nat(20).map((host) => `10.0.0.${host}`),
  fc.nat(20).map((host) => `2001:db8::${host}`),
  fc.constantFrom("::", "::1", "::ffff:10.0.0.1", "255.255.255.255", "0.0.0.0", "::ffff:0:0:1"),
  fc.ipV4(),
  fc.ipV6(),
);

describe("the latest sightings of addresses", () => {
  it("are those of a plain map, each address whole, with how many lines it stands for", () => {
    const lines = fc.array(fc.record({ address: ADDRESSES, atMs: fc.nat(100) }), { maxLength: 300 });
    const latest = createLatestSightings();
    const line = createLogLine();
    fc.assert(
      fc.property(lines, (seen) => {
        const expected = new Map<string, { readonly atMs: number; readonly lines: number }>();
        for (const { address, atMs } of seen) {
          const bytes = Buffer.from(address);
          if (!readAddress(bytes, 0, bytes.length, line)) continue;
          latest.see(line, atMs);
          const canonical = canonicalAddress(address) ?? "";
          const known = expected.get(canonical) ?? { atMs: 0, lines: 0 };
          expected.set(canonical, { atMs: Math.max(known.atMs, atMs), lines: known.lines + 1 });
        }
        expect(latest.size()).toBe(expected.size);
        const taken = [...latest.takeAll()].map(
          ({ address, ...sighting }) => [canonicalAddress(address), sighting] as const,
        );
        expect(taken).toHaveLength(expected.size);
        expect(new Map(taken)).toEqual(expected);
        expect(latest.size()).toBe(0);
      }),
    );
  });

  it("are many, and taken out while others come", () => {
    const latest = createLatestSightings();
    const line = createLogLine();
    for (let host = 0; host < 50_000; host += 1) latest.see({ ...line, w3: host * 7_919 }, host);
    let taken = 0;
    for (const { atMs, lines } of latest.takeAll()) {
      expect({ atMs, lines }).toEqual({ atMs: taken, lines: 1 });
      taken += 1;
      if (taken === 10) latest.see({ ...line, w3: 5 }, 7);
    }
    expect(taken).toBe(50_000);
    expect([...latest.takeAll()]).toEqual([{ address: "0.0.0.5", atMs: 7, lines: 1 }]);
  });
});
