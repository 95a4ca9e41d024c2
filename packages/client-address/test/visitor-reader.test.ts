import { describe, expect, it, vi } from "vitest";
import { createVisitorReader, scopeOf, type VisitorReaderOptions } from "../src/index.ts";

const CLIENT = "203.0.113.9";
const isBot = (userAgent: string): boolean => /bot/i.test(userAgent);

describe("createVisitorReader", () => {
  it("reads the client of a request behind a trusted proxy", () => {
    const reader = createVisitorReader({ trustedProxies: ["loopback"] });
    const headers = { "x-forwarded-for": "2001:db8:1:2::9" };
    expect(reader.ofRequest("127.0.0.1", headers)).toEqual({ visitor: "2001:db8:1:2::/64", isBot: false });
    expect(reader.addressOf("127.0.0.1", headers)).toBe("2001:db8:1:2::9");
  });

  it("reads nobody where there is no address", () => {
    const reader = createVisitorReader();
    for (const peer of [undefined, "unix", "1.2.3.4.5"]) {
      expect(reader.ofRequest(peer, {})).toEqual({ visitor: null, reason: "address" });
      expect(reader.addressOf(peer, {})).toBeNull();
    }
    expect(reader.ofAddress("unknown")).toEqual({ visitor: null, reason: "address" });
  });

  it("finds the client first where somebody asks where it is from, and reads the same visitor", () => {
    const reader = createVisitorReader({ trustedProxies: ["loopback"], identity: "masked" });
    const headers = { "x-forwarded-for": "10.0.0.9", "user-agent": "Mozilla/5.0" };
    const client = reader.clientOf("127.0.0.1", headers);
    expect(client === null ? null : scopeOf(client.bits)).toBe("private");
    expect(reader.ofClient(client, "Mozilla/5.0")).toEqual(reader.ofRequest("127.0.0.1", headers));
    expect(reader.ofClient(reader.clientAt("[2001:db8::1]:443"))).toEqual(reader.ofAddress("2001:db8::1"));
    expect(reader.ofClient(reader.clientAt("unknown"))).toEqual({ visitor: null, reason: "address" });
  });

  it("counts bots like anybody unless told otherwise, and does not ask who is one", () => {
    expect(createVisitorReader().ofAddress(CLIENT, "Googlebot/2.1")).toEqual({
      visitor: CLIENT,
      isBot: false,
    });
  });

  it("tells bots apart", () => {
    const reader = createVisitorReader({ bots: { action: "separate", isBot } });
    expect(reader.ofAddress(CLIENT, "Googlebot/2.1")).toEqual({ visitor: CLIENT, isBot: true });
    expect(reader.ofRequest(CLIENT, { "user-agent": "Googlebot/2.1" })).toMatchObject({ isBot: true });
    expect(reader.ofVisitor("user-42", "Googlebot/2.1")).toEqual({ visitor: "user-42", isBot: true });
    expect(reader.ofAddress(CLIENT, "Mozilla/5.0")).toMatchObject({ isBot: false });
    expect(reader.ofAddress(CLIENT)).toMatchObject({ isBot: false });
  });

  it("drops bots", () => {
    const reader = createVisitorReader({ bots: { action: "drop", isBot } });
    const dropped = { visitor: null, reason: "bot" };
    expect(reader.ofRequest(CLIENT, { "user-agent": "Googlebot/2.1" })).toEqual(dropped);
    expect(reader.ofVisitor("user-42", "Googlebot/2.1")).toEqual(dropped);
    expect(reader.ofRequest(CLIENT, {})).toMatchObject({ visitor: CLIENT });
  });

  it("judges a user agent once, and only its first 512 characters", () => {
    const asked = vi.fn(isBot);
    const reader = createVisitorReader({ bots: { action: "separate", isBot: asked } });
    const long = `${"x".repeat(512)}bot`;
    for (const userAgent of ["Googlebot/2.1", "Googlebot/2.1", long]) reader.ofAddress(CLIENT, userAgent);
    expect(asked.mock.calls).toEqual([["Googlebot/2.1"], ["x".repeat(512)]]);
  });

  it("keeps the text of a visitor whom somebody else told apart", () => {
    expect(createVisitorReader({ identity: "masked" }).ofVisitor(CLIENT)).toEqual({
      visitor: CLIENT,
      isBot: false,
    });
  });
});

describe("the ignore list", () => {
  it.each([
    ["an address", ["203.0.113.9"], CLIENT],
    ["a mapped address", ["::ffff:203.0.113.9"], CLIENT],
    ["a network", ["203.0.113.0/24"], CLIENT],
    ["an IPv6 address inside its group", ["2001:db8:1:2::9"], "2001:db8:1:2::9"],
    ["loopback", ["loopback"], "::1"],
    ["private", ["private"], "192.168.1.7"],
  ])("never counts %s", (_what, ignore, address) => {
    expect(createVisitorReader({ ignore }).ofAddress(address)).toEqual({ visitor: null, reason: "ignored" });
  });

  it.each([
    ["another address of the same group", ["2001:db8:1:2::9"], "2001:db8:1:2::8"],
    ["the next network", ["203.0.113.0/25"], "203.0.113.128"],
    ["a private address, where loopback is ignored", ["loopback"], "10.0.0.1"],
  ])("counts %s", (_what, ignore, address) => {
    expect(createVisitorReader({ ignore }).ofAddress(address)).toMatchObject({ visitor: expect.any(String) });
  });

  it("knows words of user agents anywhere and in any case", () => {
    const reader = createVisitorReader({ ignore: ["UptimeRobot", "ELB-HealthChecker/2.0"] });
    const ignored = { visitor: null, reason: "ignored" };
    expect(reader.ofAddress(CLIENT, "Mozilla/5.0+(compatible; uptimerobot/2.0)")).toEqual(ignored);
    expect(reader.ofRequest(CLIENT, { "user-agent": "elb-healthchecker/2.0" })).toEqual(ignored);
    expect(reader.ofVisitor("user-42", "UPTIMEROBOT")).toEqual(ignored);
    expect(reader.ofAddress(CLIENT, "Mozilla/5.0")).toMatchObject({ visitor: CLIENT });
    expect(reader.ofAddress(CLIENT)).toMatchObject({ visitor: CLIENT });
  });

  it("ignores the client, not the proxy it came by", () => {
    const options: VisitorReaderOptions = { trustedProxies: ["loopback"], ignore: ["loopback"] };
    const reader = createVisitorReader(options);
    expect(reader.ofRequest("127.0.0.1", { "x-forwarded-for": CLIENT })).toMatchObject({ visitor: CLIENT });
    expect(reader.ofRequest("127.0.0.1", {})).toEqual({ visitor: null, reason: "ignored" });
  });

  it.each(["", "  ", "203.0.113.0/33", "203.0.113", "2001:db8::/129", "Prüfer", "a\nb", "x".repeat(129)])(
    "refuses %j, and names it",
    (entry) => {
      expect(() => createVisitorReader({ ignore: ["loopback", entry] })).toThrow(
        expect.objectContaining({
          code: "PRESENCE_INVALID_IGNORE",
          message: expect.stringContaining(JSON.stringify(entry.slice(0, 64))),
        }),
      );
    },
  );
});
