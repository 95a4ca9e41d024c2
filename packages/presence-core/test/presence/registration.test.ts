import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createMemoryStore, createPresence } from "../../src/index.ts";
import { presenceOver } from "../support/presence.ts";
import { createUnreliableStore } from "../support/unreliable-store.ts";

describe("the registration", () => {
  it("is what the others see of this process", async () => {
    const store = createMemoryStore();
    const presence = presenceOver(store, {
      profile: { identity: "masked", ipv6Prefix: 56 },
      windowSeconds: 30,
    });
    presence.start();
    await vi.waitFor(
      async () => expect((await store.state())?.writers).toMatchObject([presence.writer]),
      20_000,
    );
    expect(presence.writer).toMatchObject({
      identity: "masked",
      ipv6Prefix: 56,
      windowSeconds: 30,
      shards: 1,
    });
  });
});

describe("options", () => {
  it.each([
    [{ windowSeconds: 0 }, "PRESENCE_INVALID_WINDOW"],
    [{ flushMs: 0 }, "PRESENCE_INVALID_OPTION"],
    [{ bufferVisitors: 0.5 }, "PRESENCE_INVALID_OPTION"],
    [{ keyTtlSeconds: 69 }, "PRESENCE_INVALID_OPTION"],
  ])("refuses %j at once", (options, code) => {
    expect(() => createPresence({ store: createMemoryStore(), ...options })).toThrow(
      expect.objectContaining({ code }),
    );
  });
});

describe("the registration, as time goes by", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("is not renewed while writes fail, and is as soon as one succeeds", async () => {
    const store = createUnreliableStore();
    const registered = vi.spyOn(store, "register");
    const presence = presenceOver(store);
    presence.start();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(registered).toHaveBeenCalledTimes(3);

    const recording = vi.spyOn(store, "record").mockRejectedValue(new Error("out of memory"));
    presence.record("a");
    await vi.advanceTimersByTimeAsync(30_000);
    expect(registered).toHaveBeenCalledTimes(3);

    recording.mockRestore();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(registered).toHaveBeenCalledTimes(4);
  });
});
