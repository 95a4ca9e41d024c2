import { request } from "node:http";
import { describe, expect, it } from "vitest";
import { manualClock } from "@presence/core/testing";
import { problemOf, startTestApi } from "./support/api.ts";

describe("recording", () => {
  it("counts a visitor of / once, however often they come, and shows them the dashboard", async () => {
    const api = await startTestApi();
    const page = await api.visit("203.0.113.1");
    expect([page.status, page.headers.get("location")]).toEqual([302, "/dashboard/"]);
    expect(page.headers.get("cache-control")).toBe("no-store");
    await api.visit("203.0.113.1");
    await api.visit("203.0.113.2");
    expect(await api.num()).toBe(2);
  });

  it.each([
    "/shop",
    "/v1",
    "/v1/users",
    "/user/onlines",
    "/V1/ONLINE",
    "/live/x",
    "/%00",
    "/..%2f..%2fetc/passwd",
    "/mirrored",
  ])("counts the visitor of the unknown path %s and answers 404", async (path) => {
    const api = await startTestApi();
    const problem = await problemOf(await api.visit("203.0.113.1", path));
    expect(problem.code).toBe("PRESENCE_NOT_FOUND");
    expect(await api.num()).toBe(1);
  });

  it.each(["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"])(
    "counts a %s of an unknown path",
    async (method) => {
      const api = await startTestApi();
      expect((await api.get("/shop", { method, headers: { "X-Forwarded-For": "203.0.113.1" } })).status).toBe(
        404,
      );
      expect(await api.num()).toBe(1);
    },
  );

  it.each([
    "/user/online/",
    "/user/online",
    "/v1/online",
    "/v1/online?window=0",
    "/v1/online/visitors",
    "/v1/online/prune",
    "/v1/heartbeat",
    "/live",
    "/ready",
    "/dashboard",
    "/dashboard/",
    "/dashboard/visitors",
    "/dashboard/nothing.js",
    "/demo",
    "/widget.js",
    "/favicon.ico",
  ])("counts nobody who reads %s", async (path) => {
    const api = await startTestApi();
    await api.visit("203.0.113.1", path);
    expect(await api.num()).toBe(0);
  });

  it.each(["/mirror", "/mirror/", "/mirror/v1/online", "/mirror/live", "/mirror/a/b?c=d"])(
    "counts the visitor that a proxy mirrors to %s, whatever the method",
    async (path) => {
      const api = await startTestApi();
      for (const method of ["GET", "POST", "PUT", "DELETE", "OPTIONS", "PROPFIND"]) {
        const answer = await api.get(path, {
          method,
          headers: { "X-Forwarded-For": `203.0.113.${method.length}` },
        });
        expect([answer.status, await answer.text()]).toEqual([204, ""]);
      }
      expect(await api.num()).toBe(5);
    },
  );

  it("answers a mirrored request before its body has arrived", async () => {
    const api = await startTestApi();
    const answered = await new Promise<number>((resolve, reject) => {
      const upload = request(`${api.url}/mirror/upload`, {
        method: "POST",
        headers: { "Content-Length": "1000000" },
      });
      upload.on("error", reject).on("response", (response) => {
        resolve(response.statusCode ?? 0);
        upload.destroy();
      });
      upload.flushHeaders();
    });
    expect(answered).toBe(204);
    expect(await api.num()).toBe(1);
  });

  it("believes X-Forwarded-For from nobody it was not told to trust", async () => {
    const api = await startTestApi({ env: { PRESENCE_TRUSTED_PROXIES: "" } });
    for (let client = 0; client < 20; client++) await api.visit(`203.0.113.${client}`);
    expect(await api.num()).toBe(1);
  });

  it("counts the addresses of one /64 once and keeps IPv4-mapped ones apart", async () => {
    const api = await startTestApi();
    for (let host = 1; host <= 5; host++) await api.visit(`2001:db8:0:1::${host}`);
    expect(await api.num()).toBe(1);
    await api.visit("::ffff:203.0.113.1");
    await api.visit("::ffff:203.0.113.2");
    await api.visit("203.0.113.2");
    expect(await api.num()).toBe(3);
  });

  it("keeps whoever sends an address that is none out of the count", async () => {
    const api = await startTestApi();
    await api.visit("1.2.3.4.5");
    // Nothing good in the header: the client is the proxy itself.
    const page = await api.get("/v1/online");
    expect(await page.json()).toMatchObject({ count: 1 });
  });

  it("forgets a visitor when the window has passed, and not before", async () => {
    const clock = manualClock();
    const api = await startTestApi({ clock });
    await api.visit("203.0.113.1");
    clock.advance(59_999);
    expect(await api.num()).toBe(1);
    clock.advance(1);
    expect(await api.num()).toBe(0);
  });

  it("never counts whom PRESENCE_IGNORE names, by address or by user agent", async () => {
    const api = await startTestApi({ env: { PRESENCE_IGNORE: "192.0.2.0/24, UptimeRobot" } });
    await api.visit("192.0.2.7");
    await api.get("/", {
      headers: { "X-Forwarded-For": "203.0.113.1", "User-Agent": "Mozilla/5.0 (uptimerobot/2.0)" },
    });
    expect(await api.num()).toBe(0);
  });

  it.each([
    ["include", 2, undefined],
    ["separate", 1, 1],
    ["drop", 1, undefined],
  ])("counts bots as PRESENCE_BOTS=%s says", async (mode, count, bots) => {
    const api = await startTestApi({ env: { PRESENCE_BOTS: mode } });
    const browser = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
    const bot = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";
    await api.get("/", { headers: { "X-Forwarded-For": "203.0.113.1", "User-Agent": browser } });
    await api.get("/", { headers: { "X-Forwarded-For": "203.0.113.2", "User-Agent": bot } });
    const answer = (await (await api.get("/v1/online")).json()) as { count: number; bots?: number };
    expect([answer.count, answer.bots]).toEqual([count, bots]);
  });
});

describe("identity", () => {
  it("keeps the network of an address alone where it is masked", async () => {
    const api = await startTestApi({ env: { PRESENCE_IDENTITY: "masked" } });
    await api.visit("203.0.113.1");
    await api.visit("203.0.113.200");
    await api.visit("2001:db8:1:2::3");
    const { visitors } = await api.deps.presence.list();
    expect(visitors.map(({ visitor }) => visitor).toSorted()).toEqual(["2001:db8:1::/48", "203.0.113.0/24"]);
  });

  it("keeps no address where it is hashed, in the store or in the log", async () => {
    const api = await startTestApi({ env: { PRESENCE_IDENTITY: "hashed" } });
    await api.visit("203.0.113.1");
    await api.visit("203.0.113.1");
    const { visitors } = await api.deps.presence.list();
    expect(visitors.map(({ visitor }) => visitor)).toEqual([expect.stringMatching(/^[\w-]{22}$/)]);
    expect(api.log()).not.toContain("203.0.113.1");
  });
});
