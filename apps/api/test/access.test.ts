import { describe, expect, it } from "vitest";
import { onlineRoutes, visitorRoutes } from "@presence/api-contract";
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

const LIST = "/v1/online/visitors";
const contract = visitorRoutes.listVisitors;

describe("bearer tokens", () => {
  it("lets an admin list, whatever the case of the scheme", async () => {
    const api = await startTestApi();
    for (const scheme of ["Bearer ", "bearer   "]) {
      const answer = await api.get(LIST, { headers: { Authorization: `${scheme}${ADMIN_TOKEN}` } });
      expect(await answerOf(answer, contract)).toMatchObject({ visitors: [] });
    }
  });

  it.each([
    ["none", {}],
    ["an empty one", bearer("")],
    ["another scheme", { Authorization: `Basic ${ADMIN_TOKEN}` }],
    ["a wrong one", bearer("x".repeat(37))],
    ["the beginning of a right one", bearer(ADMIN_TOKEN.slice(0, -1))],
    ["a right one and more", bearer(`${ADMIN_TOKEN}x`)],
    ["a very long one", bearer("x".repeat(4_000))],
  ])("answers 401 to %s, with a challenge", async (_name, headers) => {
    const api = await startTestApi();
    const answer = await api.get(LIST, { headers });
    expect(answer.headers.get("www-authenticate")).toMatch(/^Bearer/);
    expect(await problemOf(answer, contract)).toMatchObject({ status: 401, code: "PRESENCE_UNAUTHORIZED" });
  });

  it("takes no token from the query", async () => {
    const api = await startTestApi();
    const problem = await problemOf(
      await api.get(`${LIST}?token=${ADMIN_TOKEN}&access_token=${ADMIN_TOKEN}`),
      contract,
    );
    expect(problem.status).toBe(401);
  });

  it("answers 403 to a token that is for something else, and names the right variable", async () => {
    const api = await startTestApi();
    for (const token of [INGEST_TOKEN, READ_TOKEN]) {
      const problem = await problemOf(await api.get(LIST, { headers: bearer(token) }), contract);
      expect(problem).toMatchObject({ status: 403, code: "PRESENCE_FORBIDDEN" });
      expect(problem.detail).toContain("PRESENCE_ADMIN_TOKENS");
    }
  });

  it("takes each of several tokens, so that they can be rotated", async () => {
    const next = "the-next-admin-token-of-32-characters";
    const api = await startTestApi({ env: { PRESENCE_ADMIN_TOKENS: `${ADMIN_TOKEN}, ${next}` } });
    for (const token of [ADMIN_TOKEN, next]) {
      expect((await api.get(LIST, { headers: bearer(token) })).status).toBe(200);
    }
  });

  it("answers 403 with how to set one where there is none", async () => {
    const api = await startTestApi({
      env: { PRESENCE_ADMIN_TOKENS: "", PRESENCE_READ_TOKENS: "", PRESENCE_PUBLIC: "none" },
    });
    const list = await problemOf(await api.get(LIST, { headers: bearer(ADMIN_TOKEN) }), contract);
    expect(list).toMatchObject({ status: 403, code: "PRESENCE_NO_TOKENS_CONFIGURED" });
    expect(list.detail).toContain("PRESENCE_ADMIN_TOKENS");
    const count = await problemOf(await api.get("/v1/online"), onlineRoutes.getOnline);
    expect(count.detail).toContain("PRESENCE_READ_TOKENS");
  });

  it("never writes a token to the log", async () => {
    const api = await startTestApi();
    await api.get(LIST, { headers: bearer(ADMIN_TOKEN) });
    await api.get(LIST, { headers: bearer("a-wrong-token") });
    expect(api.log()).toContain("/v1/online/visitors");
    expect(api.log()).not.toMatch(/wrong-token|admin-token-of/);
  });
});

describe("guessing", () => {
  it("tells a client to wait after ten wrong tokens in a minute, and nobody else", async () => {
    const clock = manualClock();
    const api = await startTestApi({ clock });
    const guess = async (from: string): Promise<Response> =>
      api.get(LIST, { headers: { ...bearer("guess"), "X-Forwarded-For": from } });
    for (let tries = 0; tries < 10; tries++) expect((await guess("203.0.113.1")).status).toBe(401);
    clock.advance(20_000);
    const eleventh = await guess("203.0.113.1");
    expect(eleventh.headers.get("retry-after")).toBe("40");
    expect(await problemOf(eleventh, contract)).toMatchObject({
      status: 429,
      code: "PRESENCE_TOO_MANY_REQUESTS",
    });
    expect((await guess("203.0.113.2")).status).toBe(401);
    clock.advance(40_000);
    expect((await guess("203.0.113.1")).status).toBe(401);
  });

  it("takes the addresses of one /64 for one client, whoever has a network has all of them", async () => {
    const api = await startTestApi();
    const statuses: number[] = [];
    for (let tries = 0; tries < 11; tries++) {
      const headers = { ...bearer("guess"), "X-Forwarded-For": `2001:db8:1:2::${tries}` };
      statuses.push((await api.get(LIST, { headers })).status);
    }
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 401), 429]);
  });

  it("never holds up a right token", async () => {
    const api = await startTestApi();
    for (let tries = 0; tries < 15; tries++) await api.get(LIST, { headers: bearer("guess") });
    expect((await api.get(LIST, { headers: bearer(ADMIN_TOKEN) })).status).toBe(200);
  });
});
