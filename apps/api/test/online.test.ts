import { describe, expect, it } from "vitest";
import { onlineRoutes, healthRoutes } from "@presence/api-contract";
import { manualClock } from "@presence/core/testing";
import { answerOf, bearer, problemOf, READ_TOKEN, ADMIN_TOKEN, startTestApi } from "./support/api.ts";

describe("GET /user/online/", () => {
  it("answers the original's two fields, byte for byte", async () => {
    const api = await startTestApi();
    await api.visit("203.0.113.1");
    const answer = await api.get("/user/online/");
    expect(await answer.text()).toBe('{"msg":"访问人数","num":1}');
    expect(answer.headers.get("content-type")).toBe("application/json; charset=utf-8");
    expect(answer.headers.has("presence-stale")).toBe(false);
    expect(answer.headers.get("access-control-allow-origin")).toBe("*");
    expect(answer.headers.get("cross-origin-resource-policy")).toBe("cross-origin");
  });

  it("answers without the slash as well, and to HEAD without a body", async () => {
    const api = await startTestApi();
    expect(await answerOf(await api.get("/user/online"), onlineRoutes.getUserOnline)).toEqual({
      msg: "访问人数",
      num: 0,
    });
    const head = await api.get("/user/online/", { method: "HEAD" });
    expect([head.status, head.headers.get("content-length")]).toEqual([200, "30"]);
  });
});

describe("GET /v1/online", () => {
  const contract = onlineRoutes.getOnline;

  it("says what its number means", async () => {
    const clock = manualClock();
    const api = await startTestApi({ clock });
    const sinceMs = clock.wallMs();
    await api.visit("203.0.113.1");
    clock.advance(10_000);
    const answer = await api.get("/v1/online");
    expect(answer.headers.get("cache-control")).toBe("public, max-age=1");
    expect(answer.headers.get("access-control-allow-origin")).toBe("*");
    expect(answer.headers.has("access-control-allow-credentials")).toBe(false);
    expect(await answerOf(answer, contract)).toEqual({
      channel: "site",
      count: 1,
      windowSeconds: 60,
      asOf: new Date(sinceMs + 10_000).toISOString(),
      since: new Date(sinceMs).toISOString(),
      complete: false,
      stale: false,
      ageMs: 0,
    });
  });

  it("counts over a shorter window, to the millisecond", async () => {
    const clock = manualClock();
    const api = await startTestApi({ clock });
    await api.visit("203.0.113.1");
    clock.advance(4_999);
    expect(await answerOf(await api.get("/v1/online?window=5"), contract)).toMatchObject({
      count: 1,
      windowSeconds: 5,
    });
    clock.advance(1);
    expect(await answerOf(await api.get("/v1/online?window=4"), contract)).toMatchObject({ count: 0 });
    expect(await answerOf(await api.get("/v1/online?window=60"), contract)).toMatchObject({ count: 1 });
  });

  it.each(["0", "61", "-1", "1.5", "x", "", "5&window=6", "1e1", "99999999999999999999"])(
    "refuses window=%s by name",
    async (window) => {
      const api = await startTestApi();
      const problem = await problemOf(await api.get(`/v1/online?window=${window}`), contract);
      expect([problem.status, problem.code]).toEqual([400, "PRESENCE_INVALID_WINDOW"]);
      expect(problem.detail).toMatch(/^window /i);
    },
  );

  it("refuses a channel that is none, one that is not allowed, and a parameter it does not know", async () => {
    const api = await startTestApi({ env: { PRESENCE_CHANNELS: "site,page:*" } });
    const code = async (query: string): Promise<unknown> => {
      const { status, code: found } = await problemOf(await api.get(`/v1/online?${query}`), contract);
      return [status, found];
    };
    expect(await code("channel=with%20space")).toEqual([400, "PRESENCE_INVALID_CHANNEL"]);
    expect(await code("channel=")).toEqual([400, "PRESENCE_INVALID_CHANNEL"]);
    expect(await code("channel=other")).toEqual([403, "PRESENCE_CHANNEL_NOT_ALLOWED"]);
    expect(await code("channel=bots:site")).toEqual([403, "PRESENCE_CHANNEL_NOT_ALLOWED"]);
    expect(await code("chanel=site")).toEqual([400, "PRESENCE_INVALID_REQUEST"]);
    expect(await answerOf(await api.get("/v1/online?channel=page:/pricing"), contract)).toMatchObject({
      count: 0,
    });
  });

  it("needs a read or admin token where PRESENCE_PUBLIC does not open it", async () => {
    const api = await startTestApi({ env: { PRESENCE_PUBLIC: "none" } });
    const closed = await api.get("/v1/online");
    expect(closed.headers.has("access-control-allow-origin")).toBe(false);
    expect(await problemOf(closed, contract)).toMatchObject({ status: 401 });
    for (const token of [READ_TOKEN, ADMIN_TOKEN]) {
      const opened = await api.get("/v1/online", { headers: bearer(token) });
      expect(opened.headers.get("cache-control")).toBe("no-store");
      await answerOf(opened, contract);
    }
    expect(await api.num()).toBe(0);
  });
});

describe("probes", () => {
  it("says live and ready", async () => {
    const api = await startTestApi();
    expect(await answerOf(await api.get("/live"), healthRoutes.getLive)).toEqual({ status: "live" });
    expect(await answerOf(await api.get("/ready"), healthRoutes.getReady)).toEqual({
      status: "ready",
      store: "ok",
    });
  });

  it("says 503 once it drains, and stays live", async () => {
    const api = await startTestApi();
    api.deps.health.markDraining();
    const ready = await api.get("/ready");
    expect(ready.status).toBe(503);
    expect(await answerOf(ready, healthRoutes.getReady)).toEqual({ status: "draining", store: "ok" });
    expect((await api.get("/live")).status).toBe(200);
  });
});
