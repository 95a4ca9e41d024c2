import { readConfig } from "../config.ts";
import type { Flags } from "../flags.ts";
import type { Io } from "../io.ts";
import { choosePlace } from "./place.ts";
import type { PresenceSource } from "./source.ts";

/**
 * Opens what the command line and the environment name. Who opens closes.
 *
 * @throws {CliError} for flags or variables that are none; {PresenceError} `PRESENCE_STORE_UNAVAILABLE` for a
 * Redis that cannot be reached. An API is asked only when it is needed.
 */
export async function openSource(flags: Flags, io: Io): Promise<PresenceSource> {
  const config = readConfig(io.env);
  const place = choosePlace(flags, config);
  if (place.kind === "redis") {
    const { openStoreSource } = await import("./store/store-source.ts");
    return openStoreSource(place, config, io);
  }
  const { openApiSource } = await import("./api/api-source.ts");
  return openApiSource(place, config);
}
