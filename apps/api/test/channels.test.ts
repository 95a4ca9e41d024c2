import { describe, expect, it } from "vitest";
import { channelRoutes, onlineRoutes } from "@presence/api-contract";
import { createMemoryStore, PresenceError } from "@presence/core";
import { manualClock } from "@presence/core/testing";
import { keepLearningChannels } from "../src/channel-watch.ts";
import { ADMIN_TOKEN, answerOf, bearer, problemOf, startTestApi, type TestApi } from "./support/api.ts";

const contract = channelRoutes.listChannels;
const BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
const PAGES = { PRESENCE_CHANNELS: "site, page:*" };

const list = async (api: TestApi, query = "") =>
  answerOf(await api.get(`/v1/channels${query}`, { headers: bearer(ADMIN_TOKEN) }), contract);

const names = async (api: TestApi, query = ""): Promise<readonly string[]> =>
  (await list(api, query)).channels.map(({ channel }) => channel);

const beat = (api: TestApi, channel: string, address: string): Promise<Response> =>
  api.post("/v1/heartbeat", { channel }, { "X-Forwarded-For": address, "User-Agent": BROWSER });

describe("GET /v1/channels", () => {
  it("lists live channels with their counts, the fullest first, what just came in included", async () => {
    const clock = manualClock();
    const api = await startTestApi({ clock, env: PAGES });
    for (const address of ["203.0.113.1", "203.0.113.2"]) await beat(api, "page:/pricing", address);
    await api.visit("203.0.113.1");
    const now = new Date(clock.wallMs()).toISOString();
    expect(await list(api)).toEqual({
      asOf: now,
      windowSeconds: 60,
      complete: false,
      total: 2,
      channels: [
        { channel: "page:/pricing", count: 2, lastWrite: now },
        { channel: "site", count: 1, lastWrite: now },
      ],
    });
  });

  it("says how many there are beyond the limit, and takes a prefix", async () => {
    const api = await startTestApi({ env: PAGES });
    for (const page of ["a", "b", "c"]) await beat(api, `page:/${page}`, "203.0.113.1");
    await api.visit("203.0.113.1");
    expect(await list(api, "?prefix=page:&limit=2")).toMatchObject({ total: 3, channels: [{}, {}] });
    expect(await names(api, "?prefix=page:/b")).toEqual(["page:/b"]);
    expect(await names(api, "?prefix=nothing")).toEqual([]);
  });

  it("shows the bots of each channel where they are counted apart", async () => {
    const api = await startTestApi({ env: { ...PAGES, PRESENCE_BOTS: "separate" } });
    await api.get("/", { headers: { "X-Forwarded-For": "203.0.113.1", "User-Agent": "Googlebot/2.1" } });
    await beat(api, "page:/a", "203.0.113.2");
    const { channels } = await list(api);
    expect(channels.map(({ channel, count, bots }) => [channel, count, bots])).toEqual([
      ["page:/a", 1, 0],
      ["site", 0, 1],
    ]);
  });

  it("answers nobody without an admin token", async () => {
    const api = await startTestApi();
    expect(await problemOf(await api.get("/v1/channels"), contract)).toMatchObject({ status: 401 });
  });

  it.each([
    ["limit=0", "limit"],
    ["limit=1001", "limit"],
    ["prefix=A", "prefix"],
    ["prefix=a&prefix=b", "prefix"],
    ["more=1", "more"],
  ])("refuses %s by name", async (query, field) => {
    const api = await startTestApi();
    const answer = await api.get(`/v1/channels?${query}`, { headers: bearer(ADMIN_TOKEN) });
    expect((await problemOf(answer, contract)).errors?.[0]?.field).toBe(field);
  });

  it("answers 503 with the store away, never a stale list", async () => {
    const store = createMemoryStore();
    let isAway = false;
    const channels: typeof store.channels = async (...args) => {
      if (isAway) throw new PresenceError("PRESENCE_STORE_UNAVAILABLE", "away");
      return store.channels(...args);
    };
    const api = await startTestApi({ store: { ...store, channels } });
    await list(api);
    isAway = true;
    const answer = await api.get("/v1/channels", { headers: bearer(ADMIN_TOKEN) });
    expect(await problemOf(answer, contract)).toMatchObject({
      status: 503,
      code: "PRESENCE_STORE_UNAVAILABLE",
    });
  });
});

describe("channels nobody named in PRESENCE_CHANNELS", () => {
  it.each([
    ["page:/secret", "PRESENCE_CHANNEL_NOT_ALLOWED"],
    ["bots:site", "PRESENCE_CHANNEL_NOT_ALLOWED"],
    ["sites", "PRESENCE_CHANNEL_NOT_ALLOWED"],
    ["Site", "PRESENCE_INVALID_CHANNEL"],
    ["a b", "PRESENCE_INVALID_CHANNEL"],
    ["x".repeat(129), "PRESENCE_INVALID_CHANNEL"],
  ])("are refused by name, and make no key: %s", async (channel, code) => {
    const api = await startTestApi();
    expect(await problemOf(await beat(api, channel, "203.0.113.1"), onlineRoutes.heartbeat)).toMatchObject({
      code,
    });
    const asked = await api.get(`/v1/online?channel=${encodeURIComponent(channel)}`);
    expect(await problemOf(asked, onlineRoutes.getOnline)).toMatchObject({ code });
    expect(await names(api)).toEqual([]);
  });
});

describe("PRESENCE_CHANNELS_MAX", () => {
  const env = { PRESENCE_CHANNELS: "page:*", PRESENCE_CHANNELS_MAX: "2", PRESENCE_KEY_TTL_SECONDS: "70" };

  it("refuses the channel beyond it by name until one has gone quiet", async () => {
    const clock = manualClock();
    const api = await startTestApi({ clock, env });
    for (const page of ["a", "b"]) expect((await beat(api, `page:/${page}`, "203.0.113.1")).status).toBe(200);
    const third = await beat(api, "page:/c", "203.0.113.1");
    expect(await problemOf(third, onlineRoutes.heartbeat)).toMatchObject({
      status: 429,
      code: "PRESENCE_TOO_MANY_CHANNELS",
      detail: expect.stringContaining("PRESENCE_CHANNELS_MAX"),
    });
    expect(await names(api)).toEqual(["page:/a", "page:/b"]);
    clock.advance(70_001);
    expect((await beat(api, "page:/c", "203.0.113.1")).status).toBe(200);
    expect(await names(api)).toEqual(["page:/c"]);
  });

  it("holds for the processes of one store together", async () => {
    const store = createMemoryStore();
    const first = await startTestApi({ store, env });
    for (const page of ["a", "b"]) await beat(first, `page:/${page}`, "203.0.113.1");
    await first.deps.presence.flush();
    const second = await startTestApi({ store, env });
    keepLearningChannels(second.deps).close();
    await expect
      .poll(
        async () =>
          (await beat(second, "page:/c", `203.0.113.${Math.trunc(performance.now()) % 200}`)).status,
      )
      .toBe(429);
    expect((await beat(second, "page:/a", "203.0.113.9")).status).toBe(200);
  });
});
