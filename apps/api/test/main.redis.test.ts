import { join } from "node:path";
import { expect, it } from "vitest";
import { redisForTests, startProcess } from "@presence/testkit";

const MAIN = join(import.meta.dirname, "../src/main.ts");

it("hands the last visitors to Redis before it ends on SIGTERM", async () => {
  await using redis = await redisForTests();
  const env = {
    PORT: "0",
    REDIS_URL: redis.url,
    PRESENCE_KEY: redis.key,
    // So long that only the orderly end sends what waits.
    PRESENCE_FLUSH_MS: "10000",
    PRESENCE_TRUSTED_PROXIES: "loopback",
  };
  const args = ["--conditions=@presence/source", MAIN];
  await using api = await startProcess(process.execPath, args, { env, ready: /Presence is listening/ });
  const url = /"url":"(http[^"]+)"/.exec(api.stdout)?.[1] ?? "";
  for (let client = 1; client <= 9; client++) {
    await fetch(url, { headers: { "X-Forwarded-For": `203.0.113.${client}` } });
  }
  api.signal("SIGTERM");
  expect(await api.exited).toEqual({ code: 0, signal: null });
  expect(await redis.client().zcard(redis.key)).toBe(9);
});
