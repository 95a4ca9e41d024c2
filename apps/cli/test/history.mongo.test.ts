import { connectMongoHistoryStore } from "@presence/history/mongo";
import { startMongo } from "@presence/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cli } from "./support/cli.ts";

const NOW_MS = Date.parse("2026-11-24T12:30:30.000Z");

const mongo = await startMongo();
afterAll(() => mongo.stop());
const url = mongo.freshDatabase();
const ask = (args: readonly string[], env = {}) =>
  cli(args, { env: { MONGODB_URL: url, PRESENCE_TIME_ZONE: "Europe/Berlin", ...env }, nowMs: () => NOW_MS });

beforeAll(async () => {
  const store = connectMongoHistoryStore({ url, timeZone: "Europe/Berlin" });
  for (const [minutesAgo, count] of [
    [90, 7],
    [2, 3],
    [1, 5],
  ] as const) {
    await store.addSample({ channel: "site", count, atMs: NOW_MS - minutesAgo * 60_000 });
  }
  await store.close();
});

describe("history and peaks, of the MongoDB that keeps them", () => {
  it("draws what was sampled, with no API to ask", async () => {
    const { code, stdout, stderr } = await ask(["history", "--since", "2h"], {
      REDIS_URL: "redis://localhost",
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout.split("\n")).toEqual([
      "site, the most online in each minute, 2026-11-24 11:30 to 2026-11-24 13:30",
      "(Europe/Berlin)",
      "             :00            :15            :30            :45",
      "11-24 11:00",
      `11-24 12:00  █${" ".repeat(59)}  7`,
      "             ▲ peak 7 at 12:00",
      `11-24 13:00  ${" ".repeat(28)}▄▆${" ".repeat(30)}  5`,
      "",
    ]);
  });

  it("answers in the words of the API, as JSON", async () => {
    const { stdout } = await ask(["history", "--since", "3m", "--format", "json"]);
    expect(JSON.parse(stdout)).toEqual({
      channel: "site",
      step: "minute",
      from: "2026-11-24T12:27:30.000Z",
      to: "2026-11-24T12:30:30.000Z",
      timeZone: "Europe/Berlin",
      points: [
        { at: "2026-11-24T12:27:00.000Z", min: null, max: null, last: null },
        { at: "2026-11-24T12:28:00.000Z", min: 3, max: 3, last: 3 },
        { at: "2026-11-24T12:29:00.000Z", min: 5, max: 5, last: 5 },
        { at: "2026-11-24T12:30:00.000Z", min: null, max: null, last: null },
      ],
    });
  });

  it("resets a peak, and keeps the reason and the record before", async () => {
    const reset = await ask([
      "peaks",
      "--reset",
      "today",
      "--reason",
      "a load test",
      "--yes",
      "--format",
      "json",
    ]);
    expect(reset.code).toBe(0);
    expect(JSON.parse((await ask(["peaks", "--format", "json"])).stdout)).toEqual({
      channel: "site",
      asOf: "2026-11-24T12:30:30.000Z",
      timeZone: "Europe/Berlin",
      today: null,
      last7Days: { count: 7, at: "2026-11-24T11:00:30.000Z" },
      allTime: { count: 7, at: "2026-11-24T11:00:30.000Z" },
      resets: [
        {
          scope: "today",
          at: "2026-11-24T12:30:30.000Z",
          reason: "a load test",
          previous: { count: 7, at: "2026-11-24T11:00:30.000Z" },
        },
      ],
    });
  });

  it("refuses a time zone that is none with 2, naming the variable", async () => {
    expect(await ask(["peaks"], { PRESENCE_TIME_ZONE: "Berlin" })).toEqual({
      code: 2,
      stdout: "",
      stderr: 'presence-cli: PRESENCE_TIME_ZONE must be an IANA name such as Europe/Berlin, not "Berlin".\n',
    });
  });

  it("ends with 3 where MongoDB does not answer, and shows no password", async () => {
    const { code, stdout, stderr } = await ask(["peaks"], {
      MONGODB_URL: "mongodb://user:hunter2@127.0.0.1:9/presence",
    });
    expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
    expect(stderr).toMatch(/^presence-cli: MongoDB cannot be asked: .*127\.0\.0\.1:9/);
    expect(stderr).not.toContain("hunter2");
  });
});
