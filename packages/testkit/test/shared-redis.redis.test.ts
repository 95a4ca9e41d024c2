import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { redisForTests, type RedisServer, sharedRedis, startRedis } from "../src/index.ts";

describe("a Redis for tests", () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(async () => server.stop());

  it("is a server of one's own where there is a redis-server", async () => {
    const one = await redisForTests();
    const other = await redisForTests();
    expect(one.url).not.toBe(other.url);
    await one.client().set(one.key, "1");
    expect(await other.client().get(other.key)).toBeNull();
    await Promise.all([one.stop(), other.stop()]);
  });

  it("is a prefix of one's own in a shared server, and nothing of it stays", async () => {
    const [one, other] = [sharedRedis(server.url), sharedRedis(server.url)];
    expect(one.key).not.toBe(other.key);
    const client = one.client();
    for (let index = 0; index < 1_500; index++) await client.set(`${one.key}:${index}`, "1");
    await other.client().set(other.key, "2");
    await one.stop();
    expect(await server.client().keys("*")).toEqual([other.key]);
    await other.stop();
    expect(await server.client().dbsize()).toBe(0);
  });
});
