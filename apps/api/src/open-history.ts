import { join, resolve } from "node:path";
import { HistoryError, type HistoryStore } from "@presence/history";
import { connectSqliteHistoryStore } from "@presence/history/sqlite";
import { ConfigError } from "@presence/service-kit";
import type { ApiConfig } from "./config.ts";

/** Name of the file in the data directory. */
export const HISTORY_FILE = "history.sqlite";

/**
 * Where samples and peaks are kept: in MongoDB where there is one, else in a file of the data directory. One that
 * cannot be used is no reason not to count: each call tells of it.
 *
 * @throws {ConfigError} when `MONGODB_URL` is none the client can use.
 */
export async function openHistory({ mongodbUrl, dataDir, timeZone }: ApiConfig): Promise<HistoryStore> {
  if (mongodbUrl === null) {
    return connectSqliteHistoryStore({ path: resolve(join(dataDir, HISTORY_FILE)), timeZone });
  }
  // The driver takes a while to load: whoever has no MongoDB does not wait for it.
  const { connectMongoHistoryStore } = await import("@presence/history/mongo");
  try {
    return connectMongoHistoryStore({ url: mongodbUrl, timeZone, appName: "presence-api" });
  } catch (error) {
    if (!(error instanceof HistoryError)) throw error;
    throw new ConfigError([{ variable: "MONGODB_URL", reason: `cannot be used: ${error.message}` }]);
  }
}
