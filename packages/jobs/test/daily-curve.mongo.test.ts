import { connectMongoHistoryStore } from "@presence/history/mongo";
import { startMongo } from "@presence/testkit";
import { expect, it } from "vitest";
import { TIME_ZONE } from "./support/daily-curve.ts";
import { liveThroughCurve } from "./support/live-through-curve.ts";

it("keeps 48 hours of a daily curve in MongoDB as the visits were", { timeout: 600_000 }, async () => {
  await using mongo = await startMongo();
  // A server that looks through all documents for each update is given one minute of twenty, to end in seconds.
  const oneOf = mongo.program === "mongod" ? 1 : 20;
  const history = connectMongoHistoryStore({ url: mongo.freshDatabase(), timeZone: TIME_ZONE });
  const { told, expected } = await liveThroughCurve(history, oneOf);
  await history.close();
  expect(told).toEqual(expected);
});
