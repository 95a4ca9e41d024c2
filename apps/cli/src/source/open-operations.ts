import { readConfig } from "../config.ts";
import type { Flags } from "../flags.ts";
import type { Io } from "../io.ts";
import type { OperationsSource } from "./operations.ts";
import { choosePlace } from "./place.ts";

/** Opens what the command line and the environment name, as `openSource` does. Who opens closes. */
export async function openOperations(flags: Flags, io: Io): Promise<OperationsSource> {
  const config = readConfig(io.env);
  const place = choosePlace(flags, config);
  if (place.kind === "redis") {
    const { openStoreOperations } = await import("./store/store-operations.ts");
    return openStoreOperations(place, config, io);
  }
  const { openApiOperations } = await import("./api/api-operations.ts");
  return openApiOperations(place, config);
}
