import { describe, expect, it } from "vitest";
import { createChannelPolicy, createMemoryStore, createPresence } from "../src/index.ts";
import { manualClock } from "../src/testing/index.ts";

describe("a channel policy", () => {
  it("takes named channels and those under a named prefix, and nothing else", () => {
    const policy = createChannelPolicy({ allowed: ["site", "page:*"], liveMs: 60_000 });
    expect(policy.admit("site", 0)).toBeNull();
    expect(policy.admit("page:/pricing", 0)).toBeNull();
    expect(policy.admit("pages", 0)).toBe("channel-not-allowed");
    expect(policy.admit("bots:site", 0)).toBe("channel-not-allowed");
    expect(policy.admit("page:/with space", 0)).toBe("channel");
  });

  it("lets no more channels live than it was told, until one has gone quiet", () => {
    const policy = createChannelPolicy({ allowed: ["page:*"], max: 2, liveMs: 60_000 });
    expect(policy.admit("page:/a", 0)).toBeNull();
    expect(policy.admit("page:/b", 1_000)).toBeNull();
    expect(policy.admit("page:/c", 2_000)).toBe("too-many-channels");
    expect(policy.admit("page:/a", 50_000)).toBeNull();
    expect(policy.admit("page:/c", 61_001)).toBeNull();
    expect(policy.admit("page:/b", 61_001)).toBe("too-many-channels");
  });

  it("counts the channels that other processes made live", () => {
    const policy = createChannelPolicy({ allowed: ["page:*"], max: 1, liveMs: 60_000 });
    policy.learn([{ channel: "page:/elsewhere", lastWriteMs: 0 }]);
    expect(policy.admit("page:/here", 1)).toBe("too-many-channels");
    expect(policy.admit("page:/elsewhere", 1)).toBeNull();
  });

  it("frees the place of a channel that has gone quiet, whoever made it live and in whatever order", () => {
    const policy = createChannelPolicy({ allowed: ["page:*"], max: 3, liveMs: 60_000 });
    policy.learn([
      { channel: "page:/new", lastWriteMs: 50_000 },
      { channel: "page:/old", lastWriteMs: 0 },
      { channel: "bots:page:/new", lastWriteMs: 50_000 },
    ]);
    expect(policy.admit("page:/here", 60_000)).toBeNull();
    expect(policy.admit("page:/more", 60_000)).toBe("too-many-channels");
    expect(policy.admit("page:/more", 60_001)).toBeNull();
    // Full again; what another process still writes to stays.
    policy.learn([{ channel: "page:/new", lastWriteMs: 100_000 }]);
    expect(policy.admit("page:/last", 115_000)).toBe("too-many-channels");
    expect(policy.admit("page:/last", 120_001)).toBeNull();
    expect(policy.admit("page:/new", 120_001)).toBeNull();
  });

  it.each(["", "*", "Page:*", "bots:*", "bots:site", "a b"])("refuses the pattern %j at once", (pattern) => {
    expect(() => createChannelPolicy({ allowed: [pattern], liveMs: 1 })).toThrow(
      expect.objectContaining({ code: "PRESENCE_INVALID_OPTION" }),
    );
  });

  it("keeps bots in a channel of their own, which nobody can name", async () => {
    const clock = manualClock();
    const presence = createPresence({ store: createMemoryStore({ clock }) });
    presence.record("a");
    presence.record("crawler", { isBot: true });
    expect(presence.record("b", { channel: "bots:site" })).toBe("channel-not-allowed");
    expect(await presence.count({ withBots: true })).toMatchObject({ channel: "site", count: 1, bots: 1 });
    await presence.close();
  });
});
