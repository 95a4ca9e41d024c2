import { readConfig } from "../config.ts";
import { type Flags, textFlag } from "../flags.ts";
import type { Io } from "../io.ts";
import type { HistorySource } from "./history.ts";
import { chooseApi } from "./place.ts";

/**
 * Opens who keeps the history: the MongoDB of `MONGODB_URL`, unless the command line names an API, else an API.
 * Redis keeps none. Who opens closes.
 *
 * @throws {CliError} where the command line names a Redis.
 */
export async function openHistory(flags: Flags, io: Io, what: string): Promise<HistorySource> {
  const config = readConfig(io.env);
  const place = chooseApi(flags, config, what);
  const isApiNamed = textFlag(flags, "url") !== undefined;
  if (config.mongodbUrl !== undefined && !isApiNamed) {
    const { openMongoHistory } = await import("./mongo/mongo-history.ts");
    return openMongoHistory(config.mongodbUrl, config, io);
  }
  const { openApiHistory } = await import("./api/api-history.ts");
  return openApiHistory(place, config, what);
}
