import { describe, expect, it } from "vitest";
import { visitorRoutes } from "@presence/api-contract";
import { manualClock } from "@presence/core/testing";
import { createCursors } from "../src/http/cursor.ts";
import { ADMIN_TOKEN, answerOf, bearer, problemOf, startTestApi, type TestApi } from "./support/api.ts";

const admin = bearer(ADMIN_TOKEN);

async function startWithVisitors(
  count: number,
): Promise<{ readonly api: TestApi; readonly clock: ReturnType<typeof manualClock> }> {
  const clock = manualClock();
  const api = await startTestApi({ clock });
  for (let visitor = 0; visitor < count; visitor++) {
    api.deps.presence.record(`203.0.113.${visitor}`);
    clock.advance(1_000);
  }
  return { api, clock };
}

const list = async (api: TestApi, query = "") =>
  answerOf(await api.get(`/v1/online/visitors${query}`, { headers: admin }), visitorRoutes.listVisitors);

describe("GET /v1/online/visitors", () => {
  it("names who is online, most recent first, with when they were last seen", async () => {
    const { api, clock } = await startWithVisitors(3);
    expect(await list(api)).toEqual({
      asOf: new Date(clock.wallMs()).toISOString(),
      identity: "ip",
      visitors: [2, 1, 0].map((visitor) => ({
        visitor: `203.0.113.${visitor}`,
        lastSeen: new Date(clock.wallMs() - (3 - visitor) * 1_000).toISOString(),
        secondsAgo: 3 - visitor,
      })),
      nextCursor: null,
    });
  });

  it("says of whom this server's identity could not have made the text", async () => {
    const api = await startTestApi();
    for (const visitor of ["203.0.113.1", "2001:db8::/64", "2001:db8::1", "user-42"])
      api.deps.presence.record(visitor);
    const { visitors } = await list(api);
    expect(visitors.filter(({ foreign }) => foreign).map(({ visitor }) => visitor)).toEqual([
      "user-42",
      "2001:db8::1",
    ]);
  });

  it.each(["recent", "oldest"] as const)("pages through everybody once, %s first", async (order) => {
    const { api } = await startWithVisitors(25);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const next: string = cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`;
      const page = await list(api, `?limit=10&order=${order}${next}`);
      seen.push(...page.visitors.map(({ visitor }) => visitor));
      cursor = page.nextCursor;
    } while (cursor !== null);
    const expected = Array.from({ length: 25 }, (_, visitor) => `203.0.113.${visitor}`);
    expect(seen).toEqual(order === "recent" ? expected.toReversed() : expected);
  });

  it.each(["made-up", "e30.AAAA", "W10.", ".", "a.b.c", "x".repeat(513)])(
    "refuses the cursor %s",
    async (cursor) => {
      const { api } = await startWithVisitors(1);
      const answer = await api.get(`/v1/online/visitors?cursor=${cursor}`, { headers: admin });
      const problem = await problemOf(answer, visitorRoutes.listVisitors);
      expect(problem).toMatchObject({ status: 400, code: "PRESENCE_INVALID_CURSOR" });
      expect(problem.errors?.[0]?.field).toBe("cursor");
    },
  );

  it("refuses a cursor of another order or channel, or with anything changed in it", async () => {
    const { api } = await startWithVisitors(3);
    const { nextCursor } = await list(api, "?limit=1");
    const cursor = nextCursor ?? "";
    const status = async (query: string): Promise<number> =>
      (await api.get(`/v1/online/visitors?${query}`, { headers: admin })).status;
    expect(await status(`cursor=${cursor}`)).toBe(200);
    expect(await status(`cursor=${cursor}&order=oldest`)).toBe(400);
    expect(await status(`cursor=${cursor}&channel=other`)).toBe(400);
    expect(await status(`cursor=A${cursor.slice(1)}`)).toBe(400);
    expect(await status(`cursor=${cursor.slice(0, -1)}`)).toBe(400);
  });

  it.each(["0", "1001", "10000000", "-5", "ten"])("refuses limit=%s by name", async (limit) => {
    const { api } = await startWithVisitors(0);
    const answer = await api.get(`/v1/online/visitors?limit=${limit}`, { headers: admin });
    expect(await problemOf(answer, visitorRoutes.listVisitors)).toMatchObject({
      status: 400,
      code: "PRESENCE_INVALID_LIMIT",
      errors: [{ field: "limit", message: "must be a whole number from 1 to 1000" }],
    });
  });
});

describe("cursors", () => {
  it("are read by every process with the same tokens, and through a rotation", () => {
    const scope = { channel: "site", order: "recent" } as const;
    const position = { visitor: "203.0.113.1", lastSeenMs: 1_700_000_000_123 };
    const cursor = createCursors(["old"]).write(scope, position);
    expect(createCursors(["new", "old"]).read(scope, cursor)).toEqual(position);
    expect(() => createCursors(["new"]).read(scope, cursor)).toThrow("PRESENCE_INVALID_CURSOR");
  });
});

describe("POST /v1/online/forget", () => {
  it("removes those it names and says how many were there", async () => {
    const { api } = await startWithVisitors(3);
    const answer = await api.post(
      "/v1/online/forget",
      { visitors: ["203.0.113.0", "203.0.113.2", "203.0.113.99"] },
      admin,
    );
    expect(await answerOf(answer, visitorRoutes.forgetVisitors)).toEqual({ forgotten: 2 });
    expect(await api.num()).toBe(1);
    await api.visit("203.0.113.0");
    expect(await api.num()).toBe(2);
  });

  it.each([
    [{}, "visitors"],
    [{ visitors: [] }, "visitors"],
    [{ visitors: "203.0.113.1" }, "visitors"],
    [{ visitors: [""] }, "visitors[0]"],
    [{ visitors: [1] }, "visitors[0]"],
    [{ visitors: Array.from({ length: 1_001 }, () => "x") }, "visitors"],
    [{ visitors: ["x"], channel: "with space" }, "channel"],
    [{ visitors: ["x"], more: 1 }, "more"],
  ])("refuses %j and names the field", async (body, field) => {
    const { api } = await startWithVisitors(1);
    const problem = await problemOf(
      await api.post("/v1/online/forget", body, admin),
      visitorRoutes.forgetVisitors,
    );
    expect(problem.status).toBe(400);
    expect(problem.errors?.[0]?.field).toBe(field);
    expect(await api.num()).toBe(1);
  });
});

describe("POST /v1/online/prune", () => {
  const prune = async (api: TestApi, body: unknown) =>
    answerOf(await api.post("/v1/online/prune", body, admin), visitorRoutes.pruneVisitors);

  it("removes those who left, and nobody online", async () => {
    const { api, clock } = await startWithVisitors(3);
    await api.deps.presence.flush();
    clock.advance(58_000);
    expect(await prune(api, { dryRun: true })).toMatchObject({ removed: 2, remaining: 2 });
    expect(await prune(api, {})).toMatchObject({ removed: 2, invalid: 0, remaining: 0 });
    expect(await api.num()).toBe(1);
    expect(await prune(api, { olderThanSeconds: 1 })).toMatchObject({ removed: 1, remaining: 0 });
    expect(await api.num()).toBe(0);
  });

  it("takes a request without a body for one without wishes", async () => {
    const { api } = await startWithVisitors(0);
    const answer = await api.get("/v1/online/prune", { method: "POST", headers: admin });
    expect(await answerOf(answer, visitorRoutes.pruneVisitors)).toMatchObject({ removed: 0 });
  });

  it.each([
    [{ olderThanSeconds: 0 }, "olderThanSeconds"],
    [{ maxMs: 60_000 }, "maxMs"],
    [{ dryRun: "yes" }, "dryRun"],
    [{ channel: "A" }, "channel"],
  ])("refuses %j and names the field", async (body, field) => {
    const { api } = await startWithVisitors(0);
    const problem = await problemOf(
      await api.post("/v1/online/prune", body, admin),
      visitorRoutes.pruneVisitors,
    );
    expect(problem.errors?.[0]?.field).toBe(field);
  });
});
