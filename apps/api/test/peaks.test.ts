import { peakRoutes } from "@presence/api-contract";
import { manualClock } from "@presence/core/testing";
import { describe, expect, it } from "vitest";
import {
  ADMIN_TOKEN,
  answerOf,
  bearer,
  problemOf,
  READ_TOKEN,
  startTestApi,
  type TestApi,
} from "./support/api.ts";

const NOON_MS = Date.parse("2026-11-24T12:00:00.000Z");
const at = (minutesAgo: number): string => new Date(NOON_MS - minutesAgo * 60_000).toISOString();

async function startWith(counts: Readonly<Record<number, number>>): Promise<TestApi> {
  const env = { PRESENCE_PUBLIC: "history" };
  const api = await startTestApi({ clock: manualClock(NOON_MS), env });
  for (const [minutesAgo, count] of Object.entries(counts)) {
    await api.deps.history.addSample({ channel: "site", count, atMs: Date.parse(at(Number(minutesAgo))) });
  }
  return api;
}

const ask = async (api: TestApi) => answerOf(await api.get("/v1/peaks"), peakRoutes.getPeaks);

const reset = (api: TestApi, query: string, token = ADMIN_TOKEN): Promise<Response> =>
  api.get(`/v1/peaks?${query}`, { method: "DELETE", headers: bearer(token) });

describe("GET /v1/peaks", () => {
  it("answers the highest of today, of seven days and of all time, each with its moment", async () => {
    const dayMinutes = 1_440;
    const api = await startWith({ 10: 5, [2 * dayMinutes]: 80, [30 * dayMinutes]: 200 });
    expect(await ask(api)).toEqual({
      channel: "site",
      asOf: at(0),
      timeZone: "UTC",
      today: { count: 5, at: at(10) },
      last7Days: { count: 80, at: at(2 * dayMinutes) },
      allTime: { count: 200, at: at(30 * dayMinutes) },
      resets: [],
    });
  });

  it("answers nulls where nothing was sampled", async () => {
    expect(await ask(await startWith({}))).toMatchObject({ today: null, last7Days: null, allTime: null });
  });
});

describe("DELETE /v1/peaks", () => {
  const contract = peakRoutes.resetPeak;

  it("begins a peak anew, and keeps the reason and the record before", async () => {
    const api = await startWith({ 10: 50_000, 5: 12 });
    const reason = encodeURIComponent("a load test – 压测 🙂");
    const answer = await answerOf(await reset(api, `scope=allTime&reason=${reason}`), contract);
    expect(answer).toMatchObject({ today: { count: 50_000 }, allTime: null });
    expect(answer.resets).toEqual([
      {
        scope: "allTime",
        at: at(0),
        reason: "a load test – 压测 🙂",
        previous: { count: 50_000, at: at(10) },
      },
    ]);
    await api.deps.history.addSample({ channel: "site", count: 7, atMs: NOON_MS + 10_000 });
    expect((await ask(api)).allTime).toEqual({ count: 7, at: at(-1 / 6) });
  });

  it.each([
    ["scope=allTime", "PRESENCE_INVALID_REQUEST"],
    ["reason=", "PRESENCE_INVALID_REQUEST"],
    ["reason=%20%20", "PRESENCE_INVALID_REQUEST"],
    ["reason=%E3%80%80", "PRESENCE_INVALID_REQUEST"],
    ["reason=two%0Alines", "PRESENCE_INVALID_REQUEST"],
    [`reason=${"x".repeat(201)}`, "PRESENCE_INVALID_REQUEST"],
    ["reason=x&scope=year", "PRESENCE_INVALID_REQUEST"],
  ])("refuses %s", async (query, code) => {
    const api = await startWith({});
    expect(await problemOf(await reset(api, query), contract)).toMatchObject({ status: 400, code });
  });

  it("is for admins, and for channels whose history is kept", async () => {
    const api = await startWith({});
    expect(await problemOf(await reset(api, "reason=x", READ_TOKEN), contract)).toMatchObject({
      status: 403,
    });
    const other = await problemOf(await reset(api, "reason=x&channel=page:/typo"), contract);
    expect(other).toMatchObject({ status: 403, code: "PRESENCE_CHANNEL_NOT_ALLOWED" });
  });
});
