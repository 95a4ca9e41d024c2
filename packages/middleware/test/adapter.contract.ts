import { type RedisServer, startFaultProxy, startRedis, waitUntil } from "@presence/testkit";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { PresenceEvent, PresenceHandle, RedisOptions } from "../src/types.ts";
import { expectSameAnswers } from "./support/answers.ts";
import { HOSTILE_REQUESTS, statusOf } from "./support/hostile.ts";
import type { StartApp, TestApp, TestOptions } from "./support/test-app.ts";

/** Anybody's, by what the application is started with. */
type AppOptions = Omit<RedisOptions<string>, "redis">;

/** What every adapter promises, over real HTTP and a real Redis. */
export function adapterContract(name: string, startApp: StartApp): void {
  describe(`presence() for ${name}`, () => {
    let redis: RedisServer;
    let client: ReturnType<RedisServer["client"]>;
    let keys = 0;
    beforeAll(async () => {
      redis = await startRedis();
      client = redis.client();
    });
    afterAll(() => redis.stop());

    async function start(options: TestOptions | null): Promise<TestApp> {
      const app = await startApp(options);
      onTestFinished(async () => {
        await app.stop().catch(() => {});
        await app.online?.close();
      });
      return app;
    }

    /** An application on a set of its own. */
    async function startCounting(
      options: AppOptions = {},
      url = redis.url,
    ): Promise<TestApp & { readonly online: PresenceHandle; readonly key: string }> {
      keys += 1;
      const key = `test${keys}`;
      const app = await start({ trustedProxies: ["loopback"], key, ...options, redis: url });
      if (app.online === null) throw new Error("an application with presence has a handle");
      return { ...app, online: app.online, key };
    }

    it("counts each client once, however often it comes", async () => {
      const { url, online } = await startCounting();
      for (const address of ["203.0.113.1", "203.0.113.2", "203.0.113.1"]) await visit(url, address);
      expect(await online.count()).toMatchObject({
        channel: "site",
        count: 2,
        windowSeconds: 60,
        stale: false,
      });
      expect(online.stats()).toEqual({ recorded: 3, refused: {}, pending: 0 });
    });

    it("counts whoever asks, for what is found, is not found and fails alike", async () => {
      const { url, online } = await startCounting();
      await visit(url, "203.0.113.1", "/json");
      await visit(url, "203.0.113.2", "/nowhere");
      await visit(url, "203.0.113.3", "/fail");
      expect((await online.count()).count).toBe(3);
    });

    it("changes no status, header or body", async () => {
      const bare = await start(null);
      const counting = await startCounting();
      await expectSameAnswers(bare.url, counting.url);
    });

    it("changes no status of what nobody should send, and is not hurt by it", async () => {
      const bare = await start(null);
      const { url, online } = await startCounting({
        skip: (path) => path === "/skipped",
        channel: (path) => (path === "/json" ? "page:json" : undefined),
        channels: ["site", "page:json"],
      });
      for (const [what, text] of Object.entries(HOSTILE_REQUESTS)) {
        expect([what, await statusOf(url, text)]).toEqual([what, await statusOf(bare.url, text)]);
      }
      await visit(url, "203.0.113.1");
      // One client is all that the made-up ones come to, and the proxy they came from.
      expect((await online.count()).count).toBeLessThanOrEqual(3);
    });

    it("changes none while Redis was never there, and counts once it is", async () => {
      const bare = await start(null);
      await using late = await startRedis();
      await late.kill();
      const events: PresenceEvent[] = [];
      const { url, online } = await startCounting({ onEvent: (event) => events.push(event) }, late.url);
      await expectSameAnswers(bare.url, url);
      await waitUntil(() => events.length > 0);
      await expect(online.count()).rejects.toMatchObject({ code: "PRESENCE_STORE_UNAVAILABLE" });
      await visit(url, "203.0.113.1");
      await late.restart();
      await waitUntil(async () => (await online.count().catch(() => null))?.count === 2);
      expect(events.map(({ kind }) => kind)).toEqual(["store-lost", "store-back"]);
    });

    it("believes no header of a peer it was not told to trust", async () => {
      const { url, online } = await startCounting({ trustedProxies: [] });
      for (let i = 0; i < 10; i += 1) await visit(url, `203.0.113.${i}`);
      expect((await online.count()).count).toBe(1);
    });

    it("counts nobody for a request that is skipped, or that is ignored", async () => {
      const { url, online } = await startCounting({
        skip: (path) => path === "/json",
        ignore: ["198.51.100.0/24", "UptimeRobot"],
      });
      await visit(url, "203.0.113.1", "/json");
      await visit(url, "198.51.100.9");
      await visit(url, "203.0.113.2", "/", "UptimeRobot/2.0");
      await visit(url, "203.0.113.3");
      expect((await online.count()).count).toBe(1);
      expect(online.stats()).toMatchObject({ recorded: 1, refused: { skipped: 1, ignored: 2 } });
    });

    it("counts pages apart, on the channels that are allowed, and says once which are not", async () => {
      const events: PresenceEvent[] = [];
      const { url, online } = await startCounting({
        channels: ["site", "page:*"],
        channel: (path) => (path === "/json" ? "elsewhere" : ["site", `page:${path}`]),
        onEvent: (event) => events.push(event),
      });
      await visit(url, "203.0.113.1");
      await visit(url, "203.0.113.2", "/nowhere");
      await visit(url, "203.0.113.3", "/json");
      await visit(url, "203.0.113.4", "/json");
      const counts = await Promise.all(
        ["site", "page:/", "page:/nowhere"].map((channel) => online.count({ channel })),
      );
      expect(counts.map(({ count }) => count)).toEqual([2, 1, 1]);
      expect(online.stats().refused).toEqual({ "channel-not-allowed": 2 });
      expect(events).toMatchObject([{ kind: "refused", reason: "channel-not-allowed" }]);
      expect(events[0]?.message).toContain("`channels`");
    });

    it.each([
      [
        "throws",
        () => {
          throw new Error("not today");
        },
      ],
      ["answers a promise that fails", () => Promise.reject(new Error("not today")) as never],
    ] as const)(
      "answers as ever when a callback %s, counts nobody for it, and says so once",
      async (_how, fail) => {
        for (const part of ["skip", "channel"] as const) {
          const bare = await start(null);
          const events: PresenceEvent[] = [];
          const { url, online } = await startCounting({
            [part]: fail,
            onEvent: (event) => events.push(event),
          });
          await expectSameAnswers(bare.url, url);
          expect((await online.count()).count).toBe(0);
          expect(events).toMatchObject([{ kind: "failed", part }]);
        }
      },
    );

    it("answers as ever when the listener to its events throws", async () => {
      const { url } = await startCounting({
        channel: () => "Not A Channel",
        onEvent: () => {
          throw new Error("the log is full");
        },
      });
      expect((await visit(url, "203.0.113.1")).status).toBe(200);
    });

    it("tells bots apart, or drops them", async () => {
      const agent = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";
      const apart = await startCounting({ bots: "separate" });
      const without = await startCounting({ bots: "drop" });
      for (const { url } of [apart, without]) {
        await visit(url, "203.0.113.1", "/", agent);
        await visit(url, "203.0.113.2", "/", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0");
      }
      expect(await apart.online.count()).toMatchObject({ count: 1, bots: 1 });
      expect((await without.online.count()).count).toBe(1);
    });

    it("keeps of a visitor what the identity says", async () => {
      const members = async (identity: "masked" | "hashed"): Promise<readonly string[]> => {
        const { url, online, key } = await startCounting({ identity });
        // The key of a hash is asked for at start; who comes before it is there is not counted.
        await waitUntil(async () => {
          await visit(url, "203.0.113.1");
          return (await online.count()).count === 1;
        });
        return client.zrange(key, 0, "-1");
      };
      expect(await members("masked")).toEqual(["203.0.113.0/24"]);
      expect(await members("hashed")).toEqual([expect.stringMatching(/^[\w-]{22}$/)]);
    });

    it("sends what waits, unregisters and ends its connection when the application ends", async () => {
      const others = await connections();
      const { url, online, key, stop } = await startCounting({ flushMs: 10_000 });
      await visit(url, "203.0.113.1");
      expect(online.stats().pending).toBe(1);
      await stop();
      await waitUntil(async () => (await connections()).every((id) => others.includes(id)));
      expect(await client.zrange(key, 0, "-1")).toEqual(["203.0.113.1"]);
      expect(Object.keys(await client.hgetall(`${key}:meta:state`)).join()).not.toContain("writer:");
    });

    it("counts nobody any more once it is closed, and answers as ever", async () => {
      const { url, online } = await startCounting();
      await online.close();
      await online.close();
      expect((await visit(url, "203.0.113.1")).status).toBe(200);
      expect(online.stats()).toEqual({ recorded: 0, refused: { closed: 1 }, pending: 0 });
      await expect(online.count()).rejects.toMatchObject({ code: "PRESENCE_CLOSED" });
    });

    it("adds no wait while Redis answers late, and drops what its memory does not hold", async () => {
      await using proxy = await startFaultProxy({ targetPort: redis.port });
      const events: PresenceEvent[] = [];
      const options = { bufferVisitors: 5, onEvent: (event: PresenceEvent) => events.push(event) };
      const { url, online } = await startCounting(options, proxy.url());
      await waitUntil(async () => (await online.count().catch(() => null)) !== null);
      await proxy.mode("blackhole");
      const startedMs = performance.now();
      for (let i = 0; i < 20; i += 1) expect((await visit(url, `203.0.113.${i}`)).status).toBe(200);
      expect(performance.now() - startedMs).toBeLessThan(2_000);
      expect(online.stats()).toMatchObject({ recorded: 5, refused: { full: 15 }, pending: 5 });
      expect(events.filter(({ kind }) => kind === "refused")).toMatchObject([{ reason: "full" }]);
      await proxy.mode("pass");
      await waitUntil(async () => (await online.count().catch(() => null))?.count === 5);
      expect(await online.count()).toMatchObject({ complete: false });
    });

    async function connections(): Promise<readonly string[]> {
      return String(await client.client("LIST")).match(/(?<=^id=)\d+/gm) ?? [];
    }
  });
}

function visit(url: string, address: string, path = "/", userAgent = "test"): Promise<Response> {
  return fetch(`${url}${path}`, { headers: { "X-Forwarded-For": address, "User-Agent": userAgent } });
}
