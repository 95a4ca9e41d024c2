import { redisForTests, type TestRedis } from "@presence/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { onRedis, startApiProgram } from "./support/programs.ts";

const INGEST_TOKEN = "ingest-token-of-at-least-32-characters";

/** What the others keep, and we by default. */
const WINDOW_SECONDS = 60;

type Client = ReturnType<TestRedis["client"]>;

let redis: TestRedis;
beforeAll(async () => {
  redis = await redisForTests();
});
afterAll(() => redis.stop());

/** Another program's whole recording. */
async function theyRecord(client: Client, atSecond: number, address: string): Promise<void> {
  await client.zadd(redis.key, atSecond, address);
}

/** Another program's whole count: how many, and as of which second. */
async function theyCount(client: Client): Promise<{ readonly count: number; readonly second: number }> {
  const second = Math.floor(Date.now() / 1_000);
  await client.zremrangebyscore(redis.key, 0, second - WINDOW_SECONDS);
  return { count: await client.zcard(redis.key), second };
}

async function weCount(url: string): Promise<{ readonly count: number; readonly asOfMs: number }> {
  const { count, asOf } = (await (await fetch(`${url}/v1/online`)).json()) as { count: number; asOf: string };
  return { count, asOfMs: Date.parse(asOf) };
}

describe("one sorted set with programs that know two commands", () => {
  it("agrees with them at any instant, while visitors leave, and what has no end keeps none", async () => {
    const client = redis.client();
    await client.unlink(redis.key);
    const { url } = await startApiProgram({ ...onRedis(redis), PRESENCE_JOBS: "off" });
    // One leaves at the beginning of each of the next seconds; two stay.
    const startSecond = Math.floor(Date.now() / 1_000);
    for (let leavesIn = 0; leavesIn <= 8; leavesIn += 1)
      await theyRecord(client, startSecond - WINDOW_SECONDS + leavesIn, `198.51.100.${leavesIn}`);
    await theyRecord(client, startSecond, "203.0.113.1");
    await fetch(url, { headers: { "X-Forwarded-For": "203.0.113.2" }, redirect: "manual" });

    const agreed: number[] = [];
    for (let instants = 0; new Set(agreed).size < 4;) {
      const before = await theyCount(client);
      const ours = await weCount(url);
      const after = await theyCount(client);
      // Theirs is true for a whole second, ours for a millisecond of it.
      const isOneSecond = before.second === after.second && Math.floor(ours.asOfMs / 1_000) === after.second;
      if (!isOneSecond) continue;
      instants += 1;
      expect({ instants, count: ours.count }).toEqual({ instants, count: after.count });
      agreed.push(ours.count);
    }
    console.log(`agreed at ${agreed.length} instants of ${new Set(agreed).size} seconds`);
    expect(agreed.length).toBeGreaterThan(20);
    expect(await client.ttl(redis.key)).toBe(-1);
  });

  it("leaves a millisecond of ours in their number for less than a second longer, never shorter", async () => {
    const client = redis.client();
    await client.unlink(redis.key);
    const env = { ...onRedis(redis), PRESENCE_JOBS: "off", PRESENCE_INGEST_TOKENS: INGEST_TOKEN };
    const { url } = await startApiProgram(env);
    // Two leave in each tenth of the next three seconds, and one stays.
    const startMs = Date.now();
    const times = Array.from({ length: 60 }, (_, i) => startMs - WINDOW_SECONDS * 1_000 + 1_000 + i * 50);
    const sightings = [...times, startMs].map((atMs, i) => ({
      visitor: `v${i}`,
      at: new Date(atMs).toISOString(),
    }));
    const answer = await fetch(`${url}/v1/sightings`, {
      method: "POST",
      headers: { "Content-Type": "application/json", Authorization: `Bearer ${INGEST_TOKEN}` },
      body: JSON.stringify({ sightings }),
    });
    const { accepted } = (await answer.json()) as { accepted: number };
    expect(accepted).toBeGreaterThan(40);

    /** Who of them is online, by the time of each alone: at an instant, and in their second. */
    const inWindow = (ofMs: number): number => sightings.filter(({ at }) => Date.parse(at) > ofMs).length;
    let ours = await weCount(url);
    for (let instants = 0; ours.count > 1; instants += 1) {
      const theirs = await theyCount(client);
      ours = await weCount(url);
      expect({ instants, count: ours.count }).toEqual({
        instants,
        count: inWindow(ours.asOfMs - WINDOW_SECONDS * 1_000),
      });
      expect(theirs.count).toBe(inWindow((theirs.second - WINDOW_SECONDS) * 1_000));
      expect(theirs.count).toBeGreaterThanOrEqual(inWindow(Date.now() - WINDOW_SECONDS * 1_000));
    }
    expect((await theyCount(client)).count).toBeGreaterThanOrEqual(1);
  });
});
