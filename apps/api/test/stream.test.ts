import { describe, expect, it } from "vitest";
import { OnlineCountSchema, StreamEndSchema, streamRoutes } from "@presence/api-contract";
import { createPresenceClient, type StreamUpdate } from "@presence/client";
import { manualClock } from "@presence/core/testing";
import { waitUntil } from "@presence/testkit";
import { bearer, problemOf, READ_TOKEN, startTestApi } from "./support/api.ts";
import { openStream } from "./support/streams.ts";

const contract = streamRoutes.streamOnline;

describe("GET /v1/online/stream", () => {
  it("tells the count at once and each change after, to pages of every origin", async () => {
    const api = await startTestApi();
    await api.visit("203.0.113.1");
    const stream = await openStream(api, "", { Origin: "https://elsewhere.example" });
    expect(stream.response.status).toBe(200);
    expect(Object.fromEntries(stream.response.headers)).toMatchObject({
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store, no-transform",
      "x-accel-buffering": "no",
      "access-control-allow-origin": "*",
      "cross-origin-resource-policy": "cross-origin",
    });
    const first = await stream.next();
    expect(first).toMatchObject({ event: "count", data: { channel: "site", count: 1, stale: false } });
    expect(OnlineCountSchema.parse(first?.data)).toEqual(first?.data);

    await api.visit("203.0.113.2");
    await api.visit("203.0.113.3");
    // Both at once: an event a second at most.
    expect(await stream.next()).toMatchObject({ event: "count", data: { count: 3 } });
  });

  it("counts nobody who follows it", async () => {
    const api = await startTestApi();
    await openStream(api, "", { "X-Forwarded-For": "203.0.113.1" });
    expect(await api.num()).toBe(0);
  });

  it("looks at a channel once for all of its readers", async () => {
    const api = await startTestApi({ env: { PRESENCE_STREAMS_PER_CLIENT: "100" } });
    let reads = 0;
    const { store } = api.deps.presence;
    const { count } = store;
    store.count = (...asked) => {
      reads += 1;
      return count(...asked);
    };
    const streams = await Promise.all(Array.from({ length: 50 }, () => openStream(api)));
    await Promise.all(streams.map((stream) => stream.next()));
    await api.visit("203.0.113.1");
    const changes = await Promise.all(streams.map((stream) => stream.next()));
    expect(new Set(changes.map((change) => JSON.stringify(change))).size).toBe(1);
    expect(reads).toBeLessThanOrEqual(3);
    expect(api.deps.streams.stats()).toMatchObject({ open: 50, channels: 1 });
  });

  it("says a comment each 15 s while nothing changes", async () => {
    const clock = manualClock();
    const api = await startTestApi({ clock });
    const stream = await openStream(api);
    await stream.next();
    const next = stream.next();
    clock.advance(15_000);
    await waitUntil(() => stream.comments() === 1);
    api.deps.streams.close();
    expect(await next).toMatchObject({ event: "end" });
    expect(stream.comments()).toBe(1);
  });

  it("outlives the limits of a request", async () => {
    const api = await startTestApi({ limits: { headersMs: 1_000, requestMs: 1_000, keepAliveMs: 50 } });
    const stream = await openStream(api);
    // Two changes take two seconds, in which the server looks for slow clients twice.
    for (const visitors of [0, 1, 2]) {
      expect(await stream.next()).toMatchObject({ event: "count", data: { count: visitors } });
      await api.visit(`203.0.113.${visitors}`);
    }
  });

  it("has bots beside the count where they are counted separately", async () => {
    const api = await startTestApi({ env: { PRESENCE_BOTS: "separate" } });
    await api.get("/", { headers: { "User-Agent": "Googlebot/2.1", "X-Forwarded-For": "203.0.113.1" } });
    const stream = await openStream(api);
    expect(await stream.next()).toMatchObject({ data: { count: 0, bots: 1 } });
  });

  it("follows any channel that is allowed, and refuses the others", async () => {
    const api = await startTestApi({ env: { PRESENCE_CHANNELS: "site,page:*" } });
    await api.post("/v1/heartbeat", { channel: "page:/a" }, { "X-Forwarded-For": "203.0.113.1" });
    const stream = await openStream(api, "?channel=page:/a");
    expect(await stream.next()).toMatchObject({ data: { channel: "page:/a", count: 1 } });
    expect(await problemOf(await api.get("/v1/online/stream?channel=other"), contract)).toMatchObject({
      status: 403,
      code: "PRESENCE_CHANNEL_NOT_ALLOWED",
    });
    expect(await problemOf(await api.get("/v1/online/stream?channel=Not%20one"), contract)).toMatchObject({
      status: 400,
    });
  });

  it("takes a token where the count is not public", async () => {
    const api = await startTestApi({ env: { PRESENCE_PUBLIC: "none" } });
    expect((await problemOf(await api.get("/v1/online/stream"), contract)).status).toBe(401);
    const stream = await openStream(api, "", bearer(READ_TOKEN));
    expect(await stream.next()).toMatchObject({ event: "count" });
    expect(stream.response.headers.has("access-control-allow-origin")).toBe(false);
  });

  it("answers HEAD without opening a stream", async () => {
    const api = await startTestApi();
    const answer = await api.get("/v1/online/stream", { method: "HEAD" });
    expect([answer.status, answer.headers.get("content-type")]).toEqual([
      200,
      "text/event-stream; charset=utf-8",
    ]);
    expect(api.deps.streams.stats().open).toBe(0);
  });
});

describe("limits", () => {
  it("gives a client PRESENCE_STREAMS_PER_CLIENT streams, and one more when one has closed", async () => {
    const api = await startTestApi({ env: { PRESENCE_STREAMS_PER_CLIENT: "2" } });
    const from = (address: string) => ({ "X-Forwarded-For": address });
    const first = await openStream(api, "", from("203.0.113.1"));
    await openStream(api, "", from("203.0.113.1"));
    const third = await api.get("/v1/online/stream", { headers: from("203.0.113.1") });
    expect(Number(third.headers.get("retry-after"))).toBeGreaterThan(0);
    const problem = await problemOf(third, contract);
    expect(problem).toMatchObject({ status: 429, code: "PRESENCE_TOO_MANY_STREAMS" });
    expect(problem.detail).toContain("PRESENCE_STREAMS_PER_CLIENT");
    expect((await openStream(api, "", from("203.0.113.2"))).response.status).toBe(200);

    await first.close();
    await waitUntil(() => api.deps.streams.stats().open === 2);
    expect((await openStream(api, "", from("203.0.113.1"))).response.status).toBe(200);
  });

  it("takes the addresses of one /64 for one client", async () => {
    const api = await startTestApi({
      env: { PRESENCE_STREAMS_PER_CLIENT: "1", PRESENCE_IPV6_PREFIX: "128" },
    });
    await openStream(api, "", { "X-Forwarded-For": "2001:db8:1:2::1" });
    const other = await api.get("/v1/online/stream", { headers: { "X-Forwarded-For": "2001:db8:1:2::2" } });
    expect((await problemOf(other, contract)).code).toBe("PRESENCE_TOO_MANY_STREAMS");
  });

  it("has PRESENCE_STREAMS_MAX streams for all, and none of them stays taken", async () => {
    const api = await startTestApi({ env: { PRESENCE_STREAMS_MAX: "3" } });
    const streams = await Promise.all(
      [1, 2, 3].map((host) => openStream(api, "", { "X-Forwarded-For": `203.0.113.${host}` })),
    );
    const fourth = await api.get("/v1/online/stream", { headers: { "X-Forwarded-For": "203.0.113.4" } });
    expect(Number(fourth.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(await problemOf(fourth, contract)).toMatchObject({ status: 503, code: "PRESENCE_STREAMS_FULL" });
    for (const stream of streams) await stream.close();
    await waitUntil(() => api.deps.streams.stats().open === 0);
    expect(api.deps.streams.stats()).toEqual({ open: 0, channels: 0, slow: 0, refused: 1 });
  });
});

describe("an orderly end", () => {
  it("tells every reader when to come back, each at another time, and takes no new one", async () => {
    const api = await startTestApi();
    const streams = await Promise.all(Array.from({ length: 5 }, () => openStream(api)));
    for (const stream of streams) await stream.next();
    api.deps.streams.close();
    const ends = await Promise.all(streams.map((stream) => stream.next()));
    for (const end of ends) {
      const { reason, retryMs } = StreamEndSchema.parse(end?.data);
      expect(reason).toBe("shutdown");
      expect(retryMs).toBeGreaterThanOrEqual(1_000);
      expect(retryMs).toBeLessThanOrEqual(6_000);
      expect(end).toMatchObject({ event: "end", retry: String(retryMs) });
    }
    expect(new Set(ends.map((end) => end?.data["retryMs"])).size).toBeGreaterThan(1);
    expect(await Promise.all(streams.map((stream) => stream.next()))).toEqual([null, null, null, null, null]);
    await waitUntil(() => api.deps.streams.stats().open === 0);
    expect(await problemOf(await api.get("/v1/online/stream"), contract)).toMatchObject({
      status: 503,
      code: "PRESENCE_CLOSED",
    });
  });

  it("is understood by the client, which comes back after the wait it was given", async () => {
    const api = await startTestApi();
    const client = createPresenceClient({ url: api.url });
    const updates: StreamUpdate[] = [];
    for await (const update of client.stream()) {
      updates.push(update);
      if (update.event === "disconnected") break;
      api.deps.streams.close();
    }
    expect(updates).toMatchObject([
      { event: "count", data: { count: 0 } },
      { event: "disconnected", error: null },
    ]);
    expect(updates[1]).toHaveProperty(
      "retryInMs",
      expect.toSatisfy((wait: number) => wait >= 1_000),
    );
  });
});
