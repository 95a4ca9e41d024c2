import { describe, expect, it } from "vitest";
import { MAX_SIGHTINGS, sightingRoutes, type SightingInput } from "@presence/api-contract";
import { createMemoryStore, PresenceError, type PresenceStore } from "@presence/core";
import { manualClock } from "@presence/core/testing";
import {
  ADMIN_TOKEN,
  answerOf,
  bearer,
  INGEST_TOKEN,
  problemOf,
  READ_TOKEN,
  startTestApi,
} from "./support/api.ts";
import type { TestApi } from "./support/api.ts";

const contract = sightingRoutes.recordSightings;
const PATH = "/v1/sightings";
const BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
const BOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";

const send = (api: TestApi, sightings: unknown, token = INGEST_TOKEN): Promise<Response> =>
  api.post(PATH, { sightings }, bearer(token));

const ingest = async (api: TestApi, sightings: readonly unknown[]) =>
  answerOf(await send(api, sightings), contract);

async function visitors(api: TestApi, channel = "site"): Promise<readonly string[]> {
  const page = await api.deps.presence.list({ channel, order: "oldest" });
  return page.visitors.map(({ visitor }) => visitor);
}

describe("POST /v1/sightings", () => {
  it("records addresses and visitors, each at its own time and on its own channel", async () => {
    const clock = manualClock();
    const api = await startTestApi({ clock, env: { PRESENCE_CHANNELS: "site, page:*" } });
    const ago = (seconds: number): string => new Date(clock.wallMs() - seconds * 1_000).toISOString();
    const answer = await ingest(api, [
      { ip: "203.0.113.1", at: ago(59) },
      { ip: "::ffff:203.0.113.2", at: ago(30) },
      { ip: "2001:db8:0:1::7" },
      { visitor: "user-42", channel: "page:/pricing" },
      { ip: "203.0.113.1", at: ago(10) },
      { ip: "203.0.113.1", at: ago(40) },
    ]);
    expect(answer).toEqual({ accepted: 6, rejected: [] });
    expect(await visitors(api)).toEqual(["203.0.113.2", "203.0.113.1", "2001:db8:0:1::/64"]);
    expect(await visitors(api, "page:/pricing")).toEqual(["user-42"]);
    clock.advance(30_000);
    expect(await visitors(api)).toEqual(["203.0.113.1", "2001:db8:0:1::/64"]);
  });

  it("takes an instant with an offset", async () => {
    const clock = manualClock(Date.parse("2026-11-24T11:00:00Z"));
    const api = await startTestApi({ clock });
    expect(await ingest(api, [{ ip: "203.0.113.1", at: "2026-11-24T12:59:30.5+02:00" }])).toMatchObject({
      accepted: 1,
    });
    const { visitors: listed } = await api.deps.presence.list();
    expect(listed[0]?.lastSeenMs).toBe(Date.parse("2026-11-24T10:59:30.500Z"));
  });

  it("refuses each bad sighting by its place and name, and takes the others", async () => {
    const clock = manualClock();
    const api = await startTestApi({
      clock,
      env: { PRESENCE_BOTS: "drop", PRESENCE_IGNORE: "192.0.2.0/24", PRESENCE_CHANNELS: "site" },
    });
    const at = (seconds: number): string => new Date(clock.wallMs() + seconds * 1_000).toISOString();
    const cases: readonly (readonly [sighting: unknown, code: string | null])[] = [
      [{ ip: "203.0.113.1" }, null],
      [{ ip: "203.0.113.2", channel: "page:/secret" }, "PRESENCE_CHANNEL_NOT_ALLOWED"],
      [{ ip: "203.0.113.2", channel: "bots:site" }, "PRESENCE_CHANNEL_NOT_ALLOWED"],
      [{ ip: "203.0.113.2", channel: "No Channel" }, "PRESENCE_INVALID_CHANNEL"],
      [{ ip: "203.0.113.3", at: at(6) }, "PRESENCE_TIME_IN_FUTURE"],
      [{ ip: "203.0.113.4", at: at(5) }, null],
      [{ ip: "203.0.113.5", at: at(-7 * 86_400) }, "PRESENCE_TIME_EXPIRED"],
      [{ ip: "203.0.113.5", at: at(-60) }, "PRESENCE_TIME_EXPIRED"],
      [{ ip: "203.0.113.6", at: new Date(clock.wallMs() - 59_999).toISOString() }, null],
      [{ ip: "203.0.113.7", at: "yesterday" }, "PRESENCE_INVALID_TIME"],
      [{ ip: "203.0.113.7", at: clock.wallMs() }, "PRESENCE_INVALID_TIME"],
      [{ visitor: "x".repeat(65) }, "PRESENCE_INVALID_VISITOR"],
      [{ visitor: "x".repeat(64) }, null],
      [{ visitor: "\u001b[31mred" }, "PRESENCE_INVALID_VISITOR"],
      [{ ip: "1.2.3.4.5" }, "PRESENCE_INVALID_ADDRESS"],
      [{ ip: "" }, "PRESENCE_INVALID_ADDRESS"],
      [{ ip: "192.0.2.9" }, "PRESENCE_IGNORED"],
      [{ ip: "203.0.113.8", userAgent: BOT }, "PRESENCE_IGNORED"],
      [{ ip: "203.0.113.9", visitor: "both" }, "PRESENCE_INVALID_REQUEST"],
      [{}, "PRESENCE_INVALID_VISITOR"],
      [null, "PRESENCE_INVALID_REQUEST"],
      ["203.0.113.9", "PRESENCE_INVALID_REQUEST"],
      [{ ip: "203.0.113.10", userAgent: BROWSER }, null],
    ];
    const answer = await ingest(
      api,
      cases.map(([sighting]) => sighting),
    );
    expect(answer).toEqual({
      accepted: cases.filter(([, code]) => code === null).length,
      rejected: cases.flatMap(([, code], index) => (code === null ? [] : [{ index, code }])),
    });
    expect(await api.num()).toBe(answer.accepted);
    expect(await api.deps.presence.store.channels(0, 10)).toHaveLength(1);
  });

  it("refuses channels beyond PRESENCE_CHANNELS_MAX and leaves those that live alone", async () => {
    const api = await startTestApi({ env: { PRESENCE_CHANNELS: "page:*", PRESENCE_CHANNELS_MAX: "2" } });
    const answer = await ingest(
      api,
      ["page:/a", "page:/b", "page:/c", "page:/a"].map((channel) => ({ ip: "203.0.113.1", channel })),
    );
    expect(answer).toEqual({ accepted: 3, rejected: [{ index: 2, code: "PRESENCE_TOO_MANY_CHANNELS" }] });
  });

  it("counts bots apart where PRESENCE_BOTS=separate, whoever told them apart", async () => {
    const api = await startTestApi({ env: { PRESENCE_BOTS: "separate" } });
    await ingest(api, [
      { ip: "203.0.113.1", userAgent: BOT },
      { visitor: "crawler-7", userAgent: BOT },
      { ip: "203.0.113.2", userAgent: BROWSER },
      { ip: "203.0.113.3" },
    ]);
    expect(await api.deps.presence.count({ withBots: true })).toMatchObject({ bots: 2, count: 2 });
  });

  it("makes the visitor of an address by its own identity", async () => {
    const api = await startTestApi({ env: { PRESENCE_IDENTITY: "masked" } });
    await ingest(api, [{ ip: "203.0.113.1" }, { ip: "203.0.113.200" }, { visitor: "kept-as-it-is" }]);
    expect((await visitors(api)).toSorted()).toEqual(["203.0.113.0/24", "kept-as-it-is"]);
  });

  it("is harmless to send again", async () => {
    const api = await startTestApi();
    const sightings: readonly SightingInput[] = [{ ip: "203.0.113.1", at: new Date().toISOString() }];
    await ingest(api, sightings);
    await ingest(api, sightings);
    expect(await api.num()).toBe(1);
  });

  it("takes none at all, and the most there may be", async () => {
    const api = await startTestApi();
    expect(await ingest(api, [])).toEqual({ accepted: 0, rejected: [] });
    const most = Array.from({ length: MAX_SIGHTINGS }, (_, i) => ({ ip: `203.0.${i >> 8}.${i & 255}` }));
    expect(await ingest(api, most)).toEqual({ accepted: MAX_SIGHTINGS, rejected: [] });
    expect(await api.num()).toBe(MAX_SIGHTINGS);
  });

  it("answers 413 to one more than that, and keeps nothing", async () => {
    const api = await startTestApi();
    const tooMany = Array.from({ length: MAX_SIGHTINGS + 1 }, () => ({ ip: "203.0.113.1" }));
    expect(await problemOf(await send(api, tooMany), contract)).toMatchObject({
      status: 413,
      code: "PRESENCE_TOO_MANY_SIGHTINGS",
      detail: expect.stringContaining("10001"),
    });
    expect(await api.num()).toBe(0);
  });

  it("takes a body of 8 MB and answers 413 to a larger one", async () => {
    const api = await startTestApi();
    const body = (length: number) => ({ sightings: [{ ip: "203.0.113.1", more: "x".repeat(length) }] });
    const largest = 8 * 1024 * 1024 - JSON.stringify(body(0)).length;
    expect(await answerOf(await api.post(PATH, body(largest), bearer(INGEST_TOKEN)), contract)).toMatchObject(
      {
        rejected: [{ index: 0, code: "PRESENCE_INVALID_REQUEST" }],
      },
    );
    const answer = await api.post(PATH, body(largest + 1), bearer(INGEST_TOKEN));
    expect(await problemOf(answer, contract)).toMatchObject({ status: 413, code: "PRESENCE_BODY_TOO_LARGE" });
  });

  it.each([
    [{}, "sightings"],
    [{ sightings: {} }, "sightings"],
    [{ sightings: null }, "sightings"],
    [{ sightings: [], more: 1 }, "more"],
    [[], ""],
  ])("refuses the body %j and names the field", async (body, field) => {
    const api = await startTestApi();
    const problem = await problemOf(await api.post(PATH, body, bearer(INGEST_TOKEN)), contract);
    expect(problem).toMatchObject({ status: 400, errors: [{ field }] });
  });

  it("records nobody for the request itself", async () => {
    const api = await startTestApi();
    await ingest(api, []);
    await api.post(PATH, { sightings: [] });
    expect(await api.num()).toBe(0);
  });
});

describe("who may send sightings", () => {
  it("is the bearer of an ingest or admin token", async () => {
    const api = await startTestApi();
    for (const token of [INGEST_TOKEN, ADMIN_TOKEN]) expect((await send(api, [], token)).status).toBe(200);
    const reader = await problemOf(await send(api, [], READ_TOKEN), contract);
    expect(reader).toMatchObject({ status: 403, code: "PRESENCE_FORBIDDEN" });
    expect(reader.detail).toContain("PRESENCE_INGEST_TOKENS");
    const nobody = await problemOf(await api.post(PATH, { sightings: [] }), contract);
    expect(nobody).toMatchObject({ status: 401, code: "PRESENCE_UNAUTHORIZED" });
  });

  it("learns how to set a token where there is none", async () => {
    const api = await startTestApi({ env: { PRESENCE_INGEST_TOKENS: "", PRESENCE_ADMIN_TOKENS: "" } });
    const problem = await problemOf(await send(api, []), contract);
    expect(problem).toMatchObject({ status: 403, code: "PRESENCE_NO_TOKENS_CONFIGURED" });
    expect(problem.detail).toContain("PRESENCE_INGEST_TOKENS");
  });
});

describe("sightings and a store that is slow or away", () => {
  /** A memory store that does `before` each write. */
  function storeWith(before: () => Promise<void>): PresenceStore {
    const store = createMemoryStore();
    const record: PresenceStore["record"] = async (...args) => {
      await before();
      return store.record(...args);
    };
    return { ...store, record };
  }

  it("answers only after the store has them", async () => {
    const gate = Promise.withResolvers<void>();
    const asked = Promise.withResolvers<void>();
    const store = storeWith(() => {
      asked.resolve();
      return gate.promise;
    });
    const api = await startTestApi({ store });
    let isAnswered = false;
    const answer = send(api, [{ ip: "203.0.113.1" }]).finally(() => (isAnswered = true));
    await asked.promise;
    // Others are answered meanwhile.
    expect((await api.get("/live")).status).toBe(200);
    expect(isAnswered).toBe(false);
    gate.resolve();
    expect(await answerOf(await answer, contract)).toEqual({ accepted: 1, rejected: [] });
  });

  it("answers 503 and how long to wait, keeps nothing, and takes the same once the store is back", async () => {
    let isAway = true;
    const store = storeWith(async () => {
      if (isAway) throw new PresenceError("PRESENCE_STORE_UNAVAILABLE", "away");
    });
    const api = await startTestApi({ store });
    const answer = await send(api, [{ ip: "203.0.113.1" }]);
    expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(await problemOf(answer, contract)).toMatchObject({
      status: 503,
      code: "PRESENCE_STORE_UNAVAILABLE",
    });
    isAway = false;
    expect(await api.num()).toBe(0);
    expect(await ingest(api, [{ ip: "203.0.113.1" }])).toMatchObject({ accepted: 1 });
    expect(await api.num()).toBe(1);
  });

  it("answers 503 where more wait for the store than PRESENCE_BUFFER_VISITORS", async () => {
    const gate = Promise.withResolvers<void>();
    const asked = Promise.withResolvers<void>();
    const store = storeWith(() => {
      asked.resolve();
      return gate.promise;
    });
    const api = await startTestApi({ store, env: { PRESENCE_BUFFER_VISITORS: "2" } });
    const visitorsOf = (network: string) => [1, 2, 3].map((host) => ({ ip: `${network}.${host}` }));
    const first = send(api, visitorsOf("203.0.113"));
    await asked.promise;
    const second = await send(api, visitorsOf("198.51.100"));
    expect(await problemOf(second, contract)).toMatchObject({ status: 503, code: "PRESENCE_BUFFER_FULL" });
    gate.resolve();
    expect((await first).status).toBe(200);
    expect(await api.num()).toBe(3);
  });
});
