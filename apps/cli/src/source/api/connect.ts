import { createPresenceClient, type PresenceClient, type PresenceClientOptions } from "@presence/client";
import type { CliConfig } from "../../config.ts";
import { isLoopback, readAdminToken } from "../admin-token.ts";
import type { ApiPlace } from "../place.ts";

/** An API, and how a sentence names it. */
export interface ConnectedApi {
  readonly name: string;
  readonly client: PresenceClient;
}

/** A client with the token that belongs to the address: the file's is sent to this machine and nowhere else. */
export async function connectApi(
  place: ApiPlace,
  config: CliConfig,
  options: Pick<PresenceClientOptions, "timeoutMs" | "retries"> = {},
): Promise<ConnectedApi> {
  const { url } = place;
  const token = place.token ?? (isLoopback(url) ? await readAdminToken(config.dataDir) : undefined);
  const client = createPresenceClient({ url, token, userAgent: "presence-cli", ...options });
  return { name: new URL(url).origin, client };
}
