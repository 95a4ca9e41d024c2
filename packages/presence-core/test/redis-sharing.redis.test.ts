import { Redis } from "ioredis";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  createPresence,
  type ListPosition,
  onlineBounds,
  type Presence,
  type VisitorPage,
} from "../src/index.ts";
import { createRedisStore, type RedisStore } from "../src/redis.ts";
import { freshStore, useRedis } from "./support/redis.ts";

const MINUTE_MS = 60_000;

describe("one set shared with others", () => {
  const server = useRedis();
  let store: RedisStore;
  let presence: Presence;
  let other: Redis;

  beforeEach(async () => {
    store = await freshStore(server());
    presence = createPresence({ store });
    other = new Redis(server().url);
  });
  afterEach(async () => {
    await presence.close();
    await store.close();
    other.disconnect();
  });
  const site = (): string => store.keys.channel("site")[0] ?? "";

  it("counts and lists what a plain ZADD of whole seconds wrote", async () => {
    const second = Math.trunc(store.nowMs() / 1_000);
    await other.zadd(site(), second, "203.0.113.1", second - 59, "203.0.113.2", second - 61, "203.0.113.3");
    presence.record("203.0.113.4");
    expect((await presence.count()).count).toBe(3);
    const { visitors } = await presence.list();
    expect(visitors.map(({ visitor }) => visitor)).toContain("203.0.113.1");
  });

  it.each(["recent", "oldest"] as const)(
    "lists each of those once whom a writer with finer times than ours has seen, %s first",
    async (order) => {
      const now = store.nowMs() / 1_000;
      const names = Array.from({ length: 50 }, (_, index) => `v${String(index).padStart(2, "0")}`);
      // Several in a millisecond, as Python's time.time() tells them apart.
      for (const [index, name] of names.entries()) await other.zadd(site(), now - 10 + index * 0.000_3, name);
      const listed: string[] = [];
      let after: ListPosition | null = null;
      do {
        const page: VisitorPage = await presence.list({ order, limit: 3, after });
        listed.push(...page.visitors.map(({ visitor }) => visitor));
        after = page.next;
      } while (after !== null && listed.length < 100);
      expect(listed).toEqual(order === "oldest" ? names : names.toReversed());
    },
  );

  it("goes on behind a visitor of a finer time who was seen again meanwhile", async () => {
    const now = store.nowMs() / 1_000;
    await other.zadd(site(), now - 10, "a", now - 9.999_7, "b", now - 9.999_4, "c");
    const { next } = await presence.list({ order: "oldest", limit: 2 });
    await other.zadd(site(), now, "b");
    const rest = await presence.list({ order: "oldest", after: next });
    expect(rest.visitors.map(({ visitor }) => visitor)).toEqual(["c", "b"]);
  });

  it("agrees with ZREMRANGEBYSCORE and ZCARD on whole seconds at every instant of the boundary second", async () => {
    const nowSecond = Math.trunc(store.nowMs() / 1_000);
    for (const partMs of [0, 1, 500, 999]) {
      const key = `${site()}:${partMs}`;
      for (let ago = 55; ago <= 65; ago += 1) await other.zadd(key, nowSecond - ago, `v${ago}`);
      const ours = await other.zcount(
        key,
        `(${onlineBounds(nowSecond * 1_000 + partMs, 60).afterMs / 1_000}`,
        "+inf",
      );
      await other.zremrangebyscore(key, 0, nowSecond - 60);
      expect(ours).toBe(await other.zcard(key));
    }
  });

  it("leaves a millisecond score of ours in their ZCARD for less than a second longer, never shorter", async () => {
    const atMs = Math.trunc(store.nowMs() / 1_000) * 1_000 + 700;
    await store.record(new Map([["site", new Map([["a", atMs]])]]), { nowMs: atMs, ttlSeconds: 180 });
    const oursUntilMs = atMs + MINUTE_MS;
    const theirsAt = async (nowSecond: number): Promise<number> =>
      other.zcount(site(), `(${nowSecond - 60}`, "+inf");
    const lastOursSecond = Math.trunc((oursUntilMs - 1) / 1_000);
    expect(await theirsAt(lastOursSecond)).toBe(1);
    expect(await theirsAt(lastOursSecond + 1)).toBe(0);
    expect((lastOursSecond + 1) * 1_000 - oursUntilMs).toBeLessThan(1_000);
  });

  it("gives a set it creates a time to live and extends it", async () => {
    presence.record("a");
    await presence.flush();
    expect(await other.ttl(site())).toBeGreaterThan(175);
    await other.expire(site(), 5);
    presence.record("b");
    await presence.flush();
    expect(await other.ttl(site())).toBeGreaterThan(175);
    await vi.waitFor(async () => expect(await other.ttl(store.keys.state)).toBeGreaterThan(175), 20_000);
    expect(await other.ttl(store.keys.channels)).toBeGreaterThan(175);
  });

  it("gives none to a set that somebody else made without one", async () => {
    await other.zadd(site(), 1, "theirs");
    for (let i = 0; i < 2_500; i += 1) presence.record(`v${i}`);
    await presence.flush();
    expect(await other.ttl(site())).toBe(-1);
  });

  it("never moves a score back, whatever another writer's clock says", async () => {
    presence.record("a");
    await presence.flush();
    const before = await other.zscore(site(), "a");
    await store.record(new Map([["site", new Map([["a", store.nowMs() - 30_000]])]]), {
      nowMs: 0,
      ttlSeconds: 180,
    });
    expect(await other.zscore(site(), "a")).toBe(before);
  });

  it("never counts milliseconds written by mistake, and prune removes them", async () => {
    await other.zadd(site(), store.nowMs(), "a");
    expect((await presence.count()).count).toBe(0);
    expect(await presence.prune()).toMatchObject({ removed: 1, invalid: 1 });
  });

  it("says by name that a key is of another type", async () => {
    await other.set(site(), "text");
    await expect(presence.count()).rejects.toMatchObject({ code: "PRESENCE_STORE_REFUSED" });
  });

  it("leaves a client it was handed open", async () => {
    const borrowed = createRedisStore({ client: other, key: "borrowed" });
    await borrowed.whenReady(5_000);
    await borrowed.close();
    expect(await other.ping()).toBe("PONG");
  });

  it("records ten thousand visitors in at most ten commands each thousand, and reads in one round trip", async () => {
    const commands = async (): Promise<number> =>
      Number(/total_commands_processed:(\d+)/.exec(await other.info("stats"))?.[1] ?? 0);
    presence.start();
    await presence.flush();
    const before = await commands();
    for (let i = 0; i < 10_000; i += 1) presence.record(`v${i % 5_000}`);
    await presence.flush();
    expect((await commands()) - before).toBeLessThan(100);
  });
});
