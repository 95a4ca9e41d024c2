import { historyRoutes, MAX_HISTORY_POINTS } from "@presence/api-contract";
import { manualClock } from "@presence/core/testing";
import { connectSqliteHistoryStore } from "@presence/history/sqlite";
import { describe, expect, it } from "vitest";
import { ADMIN_TOKEN, answerOf, bearer, problemOf, startTestApi, type TestApi } from "./support/api.ts";

const contract = historyRoutes.getHistory;
const NOON_MS = Date.parse("2026-11-24T12:00:00.000Z");
const OPEN = { PRESENCE_PUBLIC: "count,history" };

/** An API at noon, open to all, with these samples of `site`. */
async function startWith(samples: Readonly<Record<string, number>> = {}, env = {}): Promise<TestApi> {
  const api = await startTestApi({ clock: manualClock(NOON_MS), env: { ...OPEN, ...env } });
  for (const [at, count] of Object.entries(samples)) {
    await api.deps.history.addSample({ channel: "site", count, atMs: Date.parse(at) });
  }
  return api;
}

const ask = async (api: TestApi, query = "") => answerOf(await api.get(`/v1/history${query}`), contract);

describe("GET /v1/history", () => {
  it("answers each point of a range, with three nulls where nobody sampled", async () => {
    const api = await startWith({
      "2026-11-24T11:00:00.000Z": 3,
      "2026-11-24T11:00:10.000Z": 9,
      "2026-11-24T11:00:50.000Z": 5,
    });
    const range = "from=2026-11-24T11:00:00Z&to=2026-11-24T12:02:00%2B01:00&step=minute";
    expect(await ask(api, `?${range}`)).toEqual({
      channel: "site",
      step: "minute",
      from: "2026-11-24T11:00:00.000Z",
      to: "2026-11-24T11:02:00.000Z",
      timeZone: "UTC",
      points: [
        { at: "2026-11-24T11:00:00.000Z", min: 3, max: 9, last: 5 },
        { at: "2026-11-24T11:01:00.000Z", min: null, max: null, last: null },
      ],
    });
  });

  it("answers the last day by minute where nothing is asked", async () => {
    const api = await startWith({ "2026-11-24T11:59:50.000Z": 4 });
    const answer = await ask(api);
    expect(answer).toMatchObject({
      step: "minute",
      from: "2026-11-23T12:00:00.000Z",
      to: "2026-11-24T12:00:00.000Z",
    });
    expect(answer.points).toHaveLength(1_440);
    expect(answer.points.at(-1)).toEqual({ at: "2026-11-24T11:59:00.000Z", min: 4, max: 4, last: 4 });
  });

  it("takes the finest step that fits where none is named", async () => {
    const api = await startWith();
    const step = async (from: string): Promise<string> => (await ask(api, `?from=${from}`)).step;
    expect(await step("2026-11-23T12:00:00Z")).toBe("minute");
    expect(await step("2026-10-24T12:00:00Z")).toBe("hour");
    expect(await step("2026-01-01T00:00:00Z")).toBe("day");
  });

  it("begins days in PRESENCE_TIME_ZONE", async () => {
    const api = await startWith({}, { PRESENCE_TIME_ZONE: "Europe/Berlin" });
    const { points, timeZone } = await ask(
      api,
      "?step=day&from=2026-10-24T12:00:00Z&to=2026-10-26T12:00:00Z",
    );
    expect(timeZone).toBe("Europe/Berlin");
    expect(points.map(({ at }) => at)).toEqual([
      "2026-10-23T22:00:00.000Z",
      "2026-10-24T22:00:00.000Z",
      "2026-10-25T23:00:00.000Z",
    ]);
  });

  it("refuses more than 1,500 points and names the step that fits", async () => {
    const api = await startWith();
    const range = "from=2026-11-01T00:00:00Z&to=2026-11-24T00:00:00Z";
    const problem = await problemOf(await api.get(`/v1/history?step=minute&${range}`), contract);
    expect(problem).toMatchObject({ status: 400, code: "PRESENCE_RANGE_TOO_LONG" });
    expect(problem.detail).toContain("step=hour");
    expect((await ask(api, `?step=hour&${range}`)).points.length).toBeLessThan(MAX_HISTORY_POINTS);
  });

  it.each([
    ["from=yesterday", "PRESENCE_INVALID_TIME"],
    ["from=2026-11-24", "PRESENCE_INVALID_TIME"],
    ["from=0000-01-01T00:00:00Z", "PRESENCE_INVALID_TIME"],
    ["from=1969-12-31T23:59:59Z&step=day", "PRESENCE_INVALID_TIME"],
    ["to=2026-02-30T00:00:00Z", "PRESENCE_INVALID_TIME"],
    ["from=2026-11-24T12:00:00Z&to=2026-11-24T12:00:00Z", "PRESENCE_INVALID_TIME"],
    ["from=2026-11-24T12:00:01Z&to=2026-11-24T12:00:00Z", "PRESENCE_INVALID_TIME"],
    ["step=week", "PRESENCE_INVALID_REQUEST"],
    ["channel=", "PRESENCE_INVALID_CHANNEL"],
  ])("refuses %s", async (query, code) => {
    const api = await startWith();
    expect(await problemOf(await api.get(`/v1/history?${query}`), contract)).toMatchObject({
      status: 400,
      code,
    });
  });

  it("is for holders of a token where PRESENCE_PUBLIC does not open it", async () => {
    const api = await startTestApi();
    expect(await problemOf(await api.get("/v1/history"), contract)).toMatchObject({ status: 401 });
    const opened = await api.get("/v1/history?channel=page:/other", { headers: bearer(ADMIN_TOKEN) });
    expect(opened.headers.get("cache-control")).toBe("no-store");
    expect((await answerOf(opened, contract)).channel).toBe("page:/other");
  });

  it("is shown to everybody for channels whose history is kept, and cached until the next sample", async () => {
    const api = await startWith();
    const shown = await api.get("/v1/history");
    expect(shown.headers.get("cache-control")).toBe("public, max-age=10");
    expect(shown.headers.get("access-control-allow-origin")).toBe("*");
    const other = await problemOf(await api.get("/v1/history?channel=page:/other"), contract);
    expect(other).toMatchObject({ status: 403, code: "PRESENCE_CHANNEL_NOT_ALLOWED" });
    expect(other.detail).toContain("PRESENCE_HISTORY_CHANNELS");
  });
});

describe("a history that is away", () => {
  it("is a 503 that says when to ask again, and nothing to the count", async () => {
    // A folder is no file SQLite opens.
    const history = connectSqliteHistoryStore({ path: import.meta.dirname });
    const api = await startTestApi({ history, env: OPEN });
    const unavailable = { status: 503, code: "PRESENCE_HISTORY_UNAVAILABLE" };
    const answers = [
      await api.get("/v1/history"),
      await api.get("/v1/peaks"),
      await api.get("/v1/peaks?reason=test", { method: "DELETE", headers: bearer(ADMIN_TOKEN) }),
    ];
    for (const answer of answers) {
      expect(answer.headers.get("retry-after")).toBe("2");
      expect(await problemOf(answer, contract)).toMatchObject(unavailable);
    }
    await api.visit("203.0.113.1");
    expect(await api.num()).toBe(1);
  });
});
