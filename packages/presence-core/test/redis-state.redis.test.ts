import { type RedisServer, startRedis } from "@presence/testkit";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createPresence, onlineBounds, type Presence, type PresenceEvent } from "../src/index.ts";
import { connectRedisStore, type RedisStore } from "../src/redis.ts";

describe("a Redis that goes and comes back", () => {
  let server: RedisServer;
  let store: RedisStore;
  let presence: Presence;
  let events: PresenceEvent[];

  beforeEach(async () => {
    server = await startRedis();
    store = connectRedisStore({ url: server.url });
    events = [];
    presence = createPresence({ store, onEvent: (event) => events.push(event) });
    await store.whenReady(5_000);
    presence.start();
  });
  afterEach(async () => {
    await presence.close();
    await store.close();
    await server.stop();
  });

  it("answers the last known count as stale while it is killed, and a fresh one after its return", async () => {
    presence.record("a");
    expect(await presence.count()).toMatchObject({ count: 1, stale: false });
    await server.kill();
    await vi.waitFor(
      async () => expect(await presence.count()).toMatchObject({ count: 1, stale: true }),
      20_000,
    );
    expect(presence.record("b")).toBeNull();
    await server.restart();
    // What was seen meanwhile is sent by itself.
    await vi.waitFor(
      async () => expect(await presence.count()).toMatchObject({ stale: false, complete: false }),
      6_000,
    );
    await vi.waitFor(
      async () => expect((await presence.list()).visitors.map((v) => v.visitor)).toContain("b"),
      20_000,
    );
  });

  it("registers a writer beside 5,000 others", async () => {
    await vi.waitFor(async () => expect(await store.state()).not.toBeNull(), 20_000);
    const others = Array.from({ length: 5_000 }, (_, i) => [
      `writer:other-${i}`,
      `${Math.floor(store.nowMs())} ip 64 60 1`,
    ]);
    await store.client.hset(store.keys.state, Object.fromEntries(others));
    const profile = { identity: "ip", ipv6Prefix: 64, windowSeconds: 60, shards: 1 } as const;
    const state = await store.register(
      { id: "another", ...profile },
      { nowMs: Math.floor(store.nowMs()), ttlSeconds: 60 },
    );
    expect(state.writers.filter(({ id }) => id.startsWith("other-"))).toHaveLength(5_000);
  });

  it("finds a new epoch and begins a new past after data was lost", async () => {
    await vi.waitFor(async () => expect(await store.state()).not.toBeNull(), 20_000);
    const before = await store.state();
    await store.client.flushall();
    presence.record("a");
    await presence.flush();
    await vi.waitFor(() => expect(events.some((event) => event.kind === "epoch-changed")).toBe(true), 20_000);
    const after = await store.state();
    expect(after?.epoch).not.toBe(before?.epoch);
    expect(after?.sinceMs).toBeGreaterThanOrEqual(before?.sinceMs ?? Infinity);
  });

  it("sends nobody again where it was told to keep nobody for that", async () => {
    const forgetful = createPresence({ store, resendVisitors: 0, onEvent: (event) => events.push(event) });
    forgetful.start();
    await vi.waitFor(
      () => expect(events.filter((event) => event.kind === "registered")).toHaveLength(2),
      20_000,
    );
    forgetful.record("a");
    await forgetful.flush();
    await store.client.flushall();
    forgetful.record("b");
    await forgetful.flush();
    await vi.waitFor(() => expect(events).toContainEqual(expect.objectContaining({ sentAgain: 0 })), 20_000);
    expect(await forgetful.count()).toMatchObject({ count: 1 });
    await forgetful.close();
  });

  it("sends again what it had of the last window, nobody who was forgotten and no former text", async () => {
    await vi.waitFor(async () => expect(await store.state()).not.toBeNull(), 20_000);
    for (const visitor of ["kept", "forgotten", "former"]) presence.record(visitor);
    await presence.flush();
    presence.record("new", { replaces: "former" });
    await presence.flush();
    await presence.forget(["forgotten"]);
    await store.client.flushall();
    presence.record("seen-since");
    await vi.waitFor(async () => {
      const { visitors } = await presence.list();
      expect(visitors.map(({ visitor }) => visitor).toSorted()).toEqual(["kept", "new", "seen-since"]);
    }, 20_000);
  });

  it("lists each channel that was written to, though the first try failed or the notes were lost", async () => {
    await vi.waitFor(async () => expect(await store.state()).not.toBeNull(), 20_000);
    const [set = ""] = store.keys.channel("page:/a");
    await store.client.set(set, "text");
    presence.record("a", { channel: "page:/a" });
    await expect(presence.flush()).rejects.toMatchObject({ code: "PRESENCE_STORE_REFUSED" });
    await store.client.del(set);
    await presence.flush();
    const listed = async () => (await store.channels(0, 10)).map(({ channel }) => channel);
    expect(await listed()).toEqual(["page:/a"]);
    await store.client.flushall();
    presence.record("b", { channel: "page:/b" });
    await vi.waitFor(async () => expect((await listed()).toSorted()).toEqual(["page:/a", "page:/b"]), 20_000);
  });

  it("keeps a channel on the list that somebody wrote to while it was found empty", async () => {
    const channel = "page:/a";
    presence.record("a", { channel });
    await presence.flush();
    await store.client.del(...store.keys.channel(channel));
    const pruneAt = (nowMs: number) => store.pruneBatch(channel, onlineBounds(nowMs, 60), { limit: 1_000 });
    await pruneAt(store.nowMs());
    expect(await store.channels(0, 10)).toHaveLength(1);
    await pruneAt(store.nowMs() + 61_000);
    expect(await store.channels(0, 10)).toEqual([]);
  });

  it("does not trust the past of a server that was started anew from a snapshot", async () => {
    await vi.waitFor(async () => expect(await store.state()).not.toBeNull(), 20_000);
    const before = await store.state();
    await store.client.save();
    const reader = connectRedisStore({ url: server.url });
    await reader.whenReady(5_000);
    expect((await reader.count("site", { afterMs: 0, untilMs: Number.MAX_SAFE_INTEGER })).sinceMs).toBe(
      before?.sinceMs,
    );
    await server.restart();
    await vi.waitFor(async () => expect((await store.state())?.epoch).not.toBe(before?.epoch), 10_000);
    await reader.close();
  });

  it("answers within its time while the server is stopped in its tracks, and recovers when it goes on", async () => {
    presence.record("a");
    await presence.count();
    await server.pause();
    const startedMs = performance.now();
    expect(await presence.count()).toMatchObject({ count: 1, stale: true });
    expect(performance.now() - startedMs).toBeLessThan(5_000);
    await server.resume();
    await vi.waitFor(
      async () => expect(await presence.count()).toMatchObject({ count: 1, stale: false }),
      6_000,
    );
  });

  it("is not well while the server refuses what is written, and well again when it takes it", async () => {
    await vi.waitFor(() => expect(presence.isHealthy()).toBe(true), 20_000);
    const admin = server.client();
    await admin.config("SET", "maxmemory", "1");
    presence.record("a");
    await vi.waitFor(() => expect(presence.isHealthy()).toBe(false), 20_000);
    expect(await presence.count()).toMatchObject({ stale: false, complete: false });
    await admin.config("SET", "maxmemory", "0");
    await vi.waitFor(async () => {
      expect(presence.isHealthy()).toBe(true);
      expect(await presence.count()).toMatchObject({ count: 1 });
    }, 8_000);
  });

  it("tells of a server that was never there, without throwing", async () => {
    const errors: unknown[] = [];
    const away = connectRedisStore({ url: "redis://127.0.0.1:1", onEvent: (event) => errors.push(event) });
    await expect(away.whenReady(300)).rejects.toMatchObject({ code: "PRESENCE_STORE_UNAVAILABLE" });
    expect(away.isReady()).toBe(false);
    await expect(away.count("site", { afterMs: 0, untilMs: 1 })).rejects.toMatchObject({
      code: "PRESENCE_STORE_UNAVAILABLE",
    });
    expect(errors.length).toBeGreaterThan(0);
    await away.close();
  });

  it("waits for no server any longer once it is closed", async () => {
    const away = connectRedisStore({ url: "redis://127.0.0.1:1" });
    const [waiting] = await Promise.allSettled([away.whenReady(600_000), away.close()]);
    expect(waiting).toMatchObject({ status: "rejected", reason: { code: "PRESENCE_CLOSED" } });
  });
});
