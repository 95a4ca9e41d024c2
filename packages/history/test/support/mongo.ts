import { startMongo } from "@presence/testkit";
import { afterAll } from "vitest";
import { connectMongoHistoryStore } from "../../src/mongo.ts";
import type { HistoryPlace } from "../../src/testing/index.ts";

export const mongo = await startMongo();

afterAll(() => mongo.stop());

/** A database nobody has used. */
export async function freshMongoPlace(): Promise<HistoryPlace> {
  const url = mongo.freshDatabase();
  return { open: async (timeZone) => connectMongoHistoryStore({ url, timeZone }) };
}
