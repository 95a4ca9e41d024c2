import { startRedis } from "@presence/testkit";
import { expect, it } from "vitest";
import { startApi } from "./support/api.ts";
import { openShell } from "./support/shell.ts";
import { snippetsBelow } from "./support/snippets.ts";

it("has one visitor gone, and all of them, by the commands of docs/privacy.md", async () => {
  await using redis = await startRedis();
  await using shell = await openShell();
  const [forget, removeAll] = snippetsBelow("docs/privacy.md", "Have it gone");
  const run = async (command: string | undefined): Promise<void> => {
    const done = await shell.start(command ?? "", { env: { REDIS_URL: redis.url } });
    expect(await done.exited).toMatchObject({ code: 0 });
  };
  {
    await using api = await startApi({ REDIS_URL: redis.url, PRESENCE_TRUSTED_PROXIES: "loopback" });
    for (const client of ["203.0.113.9", "203.0.113.10"])
      await fetch(`${api.url}/mirror/`, { headers: { "x-forwarded-for": client } });
    expect(await api.online()).toBe(2);
    await run(forget?.text);
    await expect.poll(() => api.online()).toBe(1);
  }
  expect(await redis.client().keys("onlines*")).not.toEqual([]);
  await run(removeAll?.text);
  expect(await redis.client().keys("*")).toEqual([]);
});
