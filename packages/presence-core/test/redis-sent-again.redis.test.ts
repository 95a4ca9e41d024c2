import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createPresence, type Presence, type PresenceEvent, type PresenceOptions } from "../src/index.ts";
import type { RedisStore } from "../src/redis.ts";
import { freshStore, useRedis } from "./support/redis.ts";

/** Most visitors that wait in these tests. */
const ROOM = 1_000;

const named = (name: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `${name}-${i}`);

describe("a store that lost its data", () => {
  const server = useRedis();
  let store: RedisStore;
  let presence: Presence;
  let events: PresenceEvent[];

  beforeEach(async () => {
    store = await freshStore(server());
    events = [];
  });
  afterEach(async () => {
    await presence.close();
    await store.close();
  });

  /** Records for a whole window, and sends only what it is told to send. */
  async function start(options: Partial<PresenceOptions> = {}): Promise<void> {
    const onEvent = (event: PresenceEvent): void => void events.push(event);
    presence = createPresence({ store, flushMs: 10_000, windowSeconds: 600, onEvent, ...options });
    presence.start();
    await until("registered");
  }

  function record(visitors: readonly string[]): void {
    for (const visitor of visitors) expect(presence.record(visitor)).toBeNull();
  }

  const until = (kind: PresenceEvent["kind"]): Promise<void> =>
    vi.waitFor(() => expect(events.map((event) => event.kind)).toContain(kind), 20_000);

  /** Loses the data, and has this process find out while all else of what it has recorded still waits. */
  async function lose(): Promise<void> {
    await store.client.flushall();
    presence.record("somebody", { channel: "page:/elsewhere" });
    await presence.count({ channel: "page:/elsewhere" });
    await until("epoch-changed");
  }

  const stored = (): Promise<string[]> => store.client.zrange(store.keys.channel("site")[0] ?? "", "0", "-1");

  it("is sent again all that it had beside a buffer that is nearly full, and nobody is dropped", async () => {
    await start({ bufferVisitors: ROOM });
    const before = named("before", ROOM);
    record(before);
    await presence.flush();
    // One place is for who tells of the loss.
    const meanwhile = named("meanwhile", ROOM - 1);
    await store.client.flushall();
    record(meanwhile);
    await lose();
    await presence.flush();
    expect((await stored()).toSorted()).toEqual([...before, ...meanwhile].toSorted());
    expect(events).toContainEqual(expect.objectContaining({ kind: "epoch-changed", sentAgain: ROOM }));
    expect(presence.stats()).toMatchObject({ pending: 0, refused: { full: 0 } });
  });

  it("refuses nobody for what is sent again, and of those who come beyond the room only them", async () => {
    await start({ bufferVisitors: ROOM });
    record(named("before", ROOM));
    await presence.flush();
    await store.client.flushall();
    record(named("meanwhile", ROOM / 2));
    await lose();
    record(named("since", ROOM / 2));
    await presence.flush();
    expect(await stored()).toHaveLength(2 * ROOM);
    record(named("next", ROOM));
    expect(presence.record("one-too-many")).toBe("full");
    expect(presence.stats().refused.full).toBe(1);
  });

  it("is sent a visitor once who waits as well, seen at the later time", async () => {
    await start({ bufferVisitors: ROOM });
    const before = named("before", ROOM);
    const beforeMs = Math.trunc(store.nowMs());
    for (const visitor of before) presence.record(visitor, { atMs: beforeMs - 5_000 });
    await presence.flush();
    await store.client.flushall();
    for (const visitor of before.slice(1)) presence.record(visitor, { atMs: beforeMs });
    await lose();
    expect(events).toContainEqual(expect.objectContaining({ kind: "epoch-changed", sentAgain: 1 }));
    await presence.flush();
    const { visitors } = await presence.list({ limit: ROOM, order: "oldest" });
    expect(visitors).toHaveLength(ROOM);
    expect(visitors.map(({ lastSeenMs }) => lastSeenMs - beforeMs)).toEqual([
      -5_000,
      ...before.slice(1).map(() => 0),
    ]);
  });

  it("is sent nobody again who is forgotten while others are on their way", async () => {
    const everybody = named("visitor", 30_000);
    const forgotten = everybody.slice(-100);
    const forgetting: Promise<number>[] = [];
    await start({
      onEvent(event) {
        events.push(event);
        if (event.kind === "epoch-changed") forgetting.push(presence.forget(forgotten));
      },
    });
    record(everybody);
    await presence.flush();
    await lose();
    expect(await Promise.all(forgetting)).toEqual([forgotten.length]);
    await presence.flush();
    expect((await stored()).toSorted()).toEqual(everybody.slice(0, -100).toSorted());
  });

  it("is sent again in writes of bounded size, though somebody reads meanwhile", async () => {
    const everybody = named("visitor", 30_000);
    await start();
    record(everybody);
    await presence.flush();
    events.length = 0;
    await lose();
    await vi.waitFor(async () => expect((await presence.count()).count).toBe(everybody.length), 20_000);
    const sizes = events.flatMap((event) => (event.kind === "flushed" ? [event.visitors] : []));
    expect(Math.max(...sizes)).toBeLessThanOrEqual(5_000);
  });
});
