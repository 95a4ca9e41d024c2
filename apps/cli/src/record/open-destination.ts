import { readConfig } from "../config.ts";
import type { Flags } from "../flags.ts";
import type { Io } from "../io.ts";
import { choosePlace } from "../source/place.ts";
import type { Destination, DestinationOptions } from "./destination.ts";

/** Opens what the command line and the environment name. Who opens closes. */
export async function openDestination(
  flags: Flags,
  io: Io,
  options: DestinationOptions,
): Promise<Destination> {
  const config = readConfig(io.env);
  const place = choosePlace(flags, config);
  if (place.kind === "redis") {
    const { openRedisDestination } = await import("./redis-destination.ts");
    return openRedisDestination(place, config, io, options);
  }
  const { openApiDestination } = await import("./api-destination.ts");
  return openApiDestination(place, config, io, options);
}
