import { afterEach, describe, expect, it } from "vitest";
import { type RedisSentinel, startSentinel, waitUntil } from "../src/index.ts";

describe("startSentinel", () => {
  let sentinel: RedisSentinel | null = null;
  afterEach(async () => sentinel?.stop());

  it("replicates, elects another master when it is killed, and takes the former one back as a replica", async () => {
    sentinel = await startSentinel();
    expect(sentinel.url).toMatch(
      /^redis\+sentinel:\/\/127\.0\.0\.1:\d+(?:,127\.0\.0\.1:\d+){2}\/presence-test$/,
    );
    const client = sentinel.client();
    await client.set("a", "1");
    expect(await client.wait(2, 5_000)).toBe(2);
    const former = await sentinel.master();
    await former.kill();
    const next = await sentinel.nextMaster(former);
    expect(next).not.toBe(former);
    await waitUntil(async () => (await client.get("a")) === "1");
    await former.restart();
    const again = former.client();
    await waitUntil(async () => String(await again.role()).startsWith("slave"), { timeoutMs: 25_000 });
  }, 90_000);

  it("changes the master in order when asked to", async () => {
    sentinel = await startSentinel();
    const former = await sentinel.master();
    const next = await sentinel.failover();
    expect(next.port).not.toBe(former.port);
    expect(await sentinel.master()).toBe(next);
  }, 90_000);
});
