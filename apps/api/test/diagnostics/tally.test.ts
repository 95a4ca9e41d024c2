import { describe, expect, it } from "vitest";
import { createVisitorReader } from "@presence/client-address";
import { createTally, MINUTE_MS } from "../../src/diagnostics/tally.ts";

const reader = createVisitorReader();
const client = (address: string) => reader.clientAt(address);

describe("the tally of clients", () => {
  it("tells where clients are from, and what became of them", () => {
    const tally = createTally(0);
    for (const address of ["203.0.113.1", "203.0.113.1"]) tally.add(client(address), address, false, null);
    tally.add(client("10.0.0.1"), "10.0.0.1", true, null);
    tally.add(client("::1"), null, false, "ignored");
    tally.add(client("127.0.0.1"), null, false, "bot");
    tally.add(client("203.0.113.2"), "203.0.113.2", false, "too-many-channels");
    tally.add(client("203.0.113.3"), "203.0.113.3", false, "full");
    tally.add(null, null, false, "address");
    tally.refuse("PRESENCE_INVALID_TIME");
    expect(tally.summary()).toEqual({
      sinceMs: 0,
      clients: 8,
      private: 1,
      loopback: 2,
      nobody: 1,
      ignored: 1,
      bots: 2,
      forwarded: 0,
      forwarders: new Map(),
      refusals: new Map([
        ["too-many-channels", 1],
        ["PRESENCE_INVALID_TIME", 1],
      ]),
      busiest: { visitor: "203.0.113.1", count: 2 },
    });
  });

  it("knows who forwards without being trusted, and keeps no address from afar", () => {
    const tally = createTally(0);
    for (const peer of ["::ffff:10.0.0.7", "10.0.0.7", "::ffff:10.0.0.7", "203.0.113.9"]) {
      const sender = client(peer);
      if (sender !== null) tally.addForwarder(peer, sender);
    }
    expect(tally.summary()).toMatchObject({ forwarded: 4, forwarders: new Map([["10.0.0.7", 3]]) });
  });

  it("forgets what is ten minutes old, minute by minute", () => {
    const tally = createTally(0);
    for (let minute = 0; minute < 12; minute += 1) {
      if (minute > 0) tally.turn(minute * MINUTE_MS);
      tally.add(client("203.0.113.1"), `visitor-${minute}`, false, null);
    }
    expect(tally.summary()).toMatchObject({ sinceMs: 2 * MINUTE_MS, clients: 10 });
    for (let minute = 12; minute < 22; minute += 1) tally.turn(minute * MINUTE_MS);
    expect(tally.summary()).toMatchObject({ clients: 0, busiest: null });
  });

  it("finds the busiest visitor over all minutes", () => {
    const tally = createTally(0);
    for (let minute = 1; minute < 10; minute += 1) {
      for (let other = 0; other < 1_000; other += 1) {
        tally.add(
          client(`198.${minute}.${other >> 8}.${other & 255}`),
          `other-${minute}-${other}`,
          false,
          null,
        );
        tally.add(client("2001:db8::1"), "2001:db8::/64", false, null);
      }
      tally.turn(minute * MINUTE_MS);
    }
    const { busiest } = tally.summary();
    expect(busiest?.visitor).toBe("2001:db8::/64");
    expect(busiest?.count).toBeGreaterThan(9_000 - 18_000 / 17);
  });
});
