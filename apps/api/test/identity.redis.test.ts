import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { visitorRoutes } from "@presence/api-contract";
import { createMemoryStore, type PresenceStore } from "@presence/core";
import { connectRedisStore } from "@presence/core/redis";
import { manualClock } from "@presence/core/testing";
import { redisForTests, type TestRedis } from "@presence/testkit";
import {
  ADMIN_TOKEN,
  AFTER_SHARED_READS_MS,
  answerOf,
  bearer,
  startTestApi,
  type TestApi,
} from "./support/api.ts";
import { mirrorAll } from "./support/pipeline.ts";

const REQUESTS = 10_000;

const forwarded = (address: string): string => `X-Forwarded-For: ${address}`;

describe("who is one visitor", () => {
  it("is one, whatever X-Forwarded-For a peer that is not trusted makes up 10,000 times", async () => {
    const api = await startTestApi({ env: { PRESENCE_TRUSTED_PROXIES: "" } });
    const made = Array.from({ length: REQUESTS }, () => forwarded([...randomBytes(4)].join(".")));
    expect(await mirrorAll(api.url, made)).toBe(REQUESTS);
    expect(await api.num()).toBe(1);
  });

  it("is one, whichever of 10,000 addresses of one /64 the requests come from", async () => {
    const api = await startTestApi();
    const hosts = Array.from({ length: REQUESTS }, (_, i) => forwarded(`2001:db8:0:1:${i.toString(16)}::7`));
    expect(await mirrorAll(api.url, hosts)).toBe(REQUESTS);
    expect(await api.num()).toBe(1);
  });

  it("is two for two IPv4-mapped clients that a proxy forwards", async () => {
    const api = await startTestApi();
    await mirrorAll(api.url, ["::ffff:203.0.113.1", "::ffff:203.0.113.2", "203.0.113.2"].map(forwarded));
    expect(await api.num()).toBe(2);
  });
});

describe("hashed identity", () => {
  it("keeps no address in the store, the log or an answer, and says which identity it is", async () => {
    const api = await startTestApi({ env: { PRESENCE_IDENTITY: "hashed", LOG_LEVEL: "trace" } });
    await mirrorAll(api.url, ["203.0.113.1", "203.0.113.1", "2001:db8::1"].map(forwarded));
    const answer = await api.get("/v1/online/visitors", { headers: bearer(ADMIN_TOKEN) });
    const { identity, visitors } = await answerOf(answer, visitorRoutes.listVisitors);
    expect(identity).toBe("hashed");
    expect(visitors.map(({ visitor, foreign }) => [visitor, foreign])).toEqual([
      [expect.stringMatching(/^[\w-]{22}$/), undefined],
      [expect.stringMatching(/^[\w-]{22}$/), undefined],
    ]);
    expect(api.log()).not.toMatch(/203\.0\.113|2001:db8/);
  });
});

const DAY_MS = 86_400_000;
const VISITORS = Array.from({ length: 500 }, (_, i) => `203.0.${i >> 8}.${i & 255}`);
const STEP_MS = 10_000;

/** From 20 s before midnight UTC until a window after the last visitor may have been moved. */
const STEPS = 17;

describe.each(["memory", "redis"] as const)("the key of hashed identity in %s", (kind) => {
  let redis: TestRedis | null = null;
  beforeAll(async () => {
    if (kind === "redis") redis = await redisForTests();
  });
  afterAll(() => redis?.stop());

  /** A store whose clock is moved by hand, and stands 20 s before the next midnight. */
  async function storeBeforeMidnight(): Promise<{ store: PresenceStore; advance: (ms: number) => void }> {
    if (redis === null) {
      const clock = manualClock(Date.UTC(2026, 5, 2) - 2 * STEP_MS);
      return { store: createMemoryStore({ clock }), advance: (ms) => clock.advance(ms) };
    }
    const store = connectRedisStore({ url: redis.url, key: redis.key });
    await store.whenReady(5_000);
    let aheadMs = DAY_MS - (store.nowMs() % DAY_MS) - 2 * STEP_MS;
    return {
      store: { ...store, nowMs: () => store.nowMs() + aheadMs },
      advance: (ms) => {
        aheadMs += ms;
      },
    };
  }

  const texts = async (api: TestApi): Promise<ReadonlySet<string>> => {
    const { visitors } = await api.deps.presence.list({ limit: 1_000 });
    return new Set(visitors.map(({ visitor }) => visitor));
  };

  it("changes at midnight, and 500 steady visitors are 500 before, during and after", async () => {
    const { store, advance } = await storeBeforeMidnight();
    const api = await startTestApi({ store, env: { PRESENCE_IDENTITY: "hashed" } });
    const counts: number[] = [];
    let before: ReadonlySet<string> = new Set();
    for (let step = 0; step < STEPS; step += 1) {
      // Half of them, then the other half: in between, some have their new text and some the old one.
      for (const half of [VISITORS.slice(0, 250), VISITORS.slice(250)]) {
        await mirrorAll(api.url, half.map(forwarded));
        if (step > 0) counts.push((await api.deps.presence.count()).count);
        await delay(AFTER_SHARED_READS_MS);
      }
      if (step === 0) before = await texts(api);
      advance(STEP_MS);
    }
    expect(counts).toEqual(counts.map(() => VISITORS.length));
    const after = await texts(api);
    expect([before.size, after.size]).toEqual([VISITORS.length, VISITORS.length]);
    expect([...after].filter((text) => before.has(text))).toEqual([]);
  });
});
