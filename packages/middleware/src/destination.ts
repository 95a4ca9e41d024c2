import type { IncomingHttpHeaders } from "node:http";
import { type CountOptions, type OnlineCount, PresenceError } from "@presence/core";
import type { Report, StoreHealth } from "./events.ts";
import type { PresenceOptions } from "./options.ts";
import { openRedisDestination } from "./redis-destination.ts";
import { openServerDestination } from "./server-destination.ts";
import type { Tally } from "./tally.ts";

/** Where sightings go, and what knows the count. */
export interface Destination {
  /**
   * Takes a sighting of whoever sent a request, on each of `channels`; answers why not, or `null`. Awaits
   * nothing, and never throws for what the destination does.
   */
  record(peer: string | undefined, headers: IncomingHttpHeaders, channels: readonly string[]): string | null;
  count(options: CountOptions): Promise<OnlineCount>;
  /** Visitors that wait to be sent. */
  pending(): number;
  /** Sends what waits (2 s at most) and ends what was opened. Never rejects. */
  close(): Promise<void>;
}

/** Who is told of what nobody awaits. */
export interface Witnesses {
  readonly report: Report;
  readonly health: StoreHealth;
  readonly tally: Tally;
}

/** What a server decides by itself, and where it is told. */
const SETTINGS_OF_SERVER: Readonly<Record<string, string>> = {
  key: "PRESENCE_KEY",
  shards: "PRESENCE_SHARDS",
  keyTtlSeconds: "PRESENCE_KEY_TTL_SECONDS",
  identity: "PRESENCE_IDENTITY",
  ipv6Prefix: "PRESENCE_IPV6_PREFIX",
  bots: "PRESENCE_BOTS",
  channels: "PRESENCE_CHANNELS",
  channelsMax: "PRESENCE_CHANNELS_MAX",
};

/**
 * Opens the destination that the options name.
 *
 * @throws {PresenceError | ClientAddressError | PresenceClientError} for an option that cannot be used.
 */
export function openDestination(options: PresenceOptions<never>, witnesses: Witnesses): Destination {
  const { redis, url, ingestToken } = options;
  if ((redis === undefined) === (url === undefined)) {
    throw invalidOption(
      `presence() takes either redis (a url, or an ioredis client or cluster) or url and ingestToken; it was given ${redis === undefined ? "neither" : "both"}`,
    );
  }
  if (redis !== undefined) return openRedisDestination(options, witnesses);
  for (const [name, variable] of Object.entries(SETTINGS_OF_SERVER)) {
    if (options[name as keyof typeof options] === undefined) continue;
    throw invalidOption(`${name} is for the server at url to decide: set ${variable} there`);
  }
  if (typeof ingestToken !== "string" || ingestToken === "")
    throw invalidOption("ingestToken must be one of the server's PRESENCE_INGEST_TOKENS");
  return openServerDestination(options, witnesses);
}

function invalidOption(message: string): PresenceError {
  return new PresenceError("PRESENCE_INVALID_OPTION", message);
}
