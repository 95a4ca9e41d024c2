import { createVisitorReader, type VisitorReader } from "@presence/client-address";
import {
  createChannelPolicy,
  createIdentityKeys,
  createPresence,
  DEFAULT_WINDOW_SECONDS,
  defaultKeyTtlSeconds,
  type IdentityKeysNow,
  type Presence,
  PresenceError,
  type PresenceEvent as CoreEvent,
} from "@presence/core";
import {
  connectRedisStore,
  createRedisStore,
  type LinkEvent,
  type RedisClient,
  type RedisStore,
} from "@presence/core/redis";
import { isbot } from "isbot";
import type { Destination, Witnesses } from "./destination.ts";
import type { RedisConnection, RedisOptions } from "./options.ts";

/** Longest that is waited for the first connection, in milliseconds: an application may be asked, or end, at once. */
const FIRST_CONNECTION_MS = 1_000;

/** Sightings go straight to Redis. */
export function openRedisDestination(options: RedisOptions<never>, witnesses: Witnesses): Destination {
  const { identity = "ip", bots, windowSeconds = DEFAULT_WINDOW_SECONDS } = options;
  const reader = createReader(options, () => keys?.at(store.nowMs()) ?? null);
  const store = openStore(options, (event) => hearLink(event, witnesses));
  const presence = openPresence(options, store, witnesses);
  const keys = identity === "hashed" ? createIdentityKeys(store, windowSeconds) : null;
  // What fails here is asked again with the next visitor.
  keys?.load().catch(() => {});
  presence.start();
  let settling: Promise<void> | null = null;
  const settled = (): Promise<void> => (settling ??= store.whenReady(FIRST_CONNECTION_MS).catch(() => {}));

  return {
    record(peer, headers, channels) {
      const reading = reader.ofRequest(peer, headers);
      if (reading.visitor === null) return reading.reason;
      const { visitor, isBot, replaces } = reading;
      let refusal: string | null = null;
      for (const channel of channels)
        refusal = presence.record(visitor, { channel, isBot, replaces }) ?? refusal;
      return refusal;
    },
    async count(countOptions) {
      await settled();
      return presence.count({ withBots: bots === "separate", ...countOptions });
    },
    pending: () => presence.stats().pending,
    async close() {
      if (presence.stats().pending > 0) await settled();
      await presence.close();
      keys?.close();
      await store.close();
    },
  };
}

function createReader(
  {
    trustedProxies,
    clientHeader,
    ipv6Prefix,
    ignore,
    identity = "ip",
    bots = "include",
  }: RedisOptions<never>,
  hashKeys: () => IdentityKeysNow | null,
): VisitorReader {
  return createVisitorReader({
    ...(trustedProxies === undefined ? {} : { trustedProxies }),
    ...(clientHeader === undefined ? {} : { header: clientHeader }),
    ...(ipv6Prefix === undefined ? {} : { ipv6Prefix }),
    ...(ignore === undefined ? {} : { ignore }),
    identity: identity === "hashed" ? { hashKeys } : identity,
    bots: bots === "include" ? bots : { action: bots, isBot: isbot },
  });
}

function openStore(options: RedisOptions<never>, onEvent: (event: LinkEvent) => void): RedisStore {
  const { redis } = options;
  if (typeof redis === "string" || redis instanceof URL)
    return connectRedisStore({ ...options, url: String(redis), onEvent });
  if (!isConnection(redis)) {
    throw new PresenceError(
      "PRESENCE_INVALID_OPTION",
      "redis must be a url, or an ioredis client or cluster; where you have another client, give the url",
    );
  }
  return createRedisStore({ ...options, client: redis as unknown as RedisClient, onEvent });
}

function isConnection(redis: unknown): redis is RedisConnection {
  return (
    typeof redis === "object" &&
    redis !== null &&
    "status" in redis &&
    typeof redis.status === "string" &&
    "zadd" in redis &&
    typeof redis.zadd === "function"
  );
}

function openPresence(options: RedisOptions<never>, store: RedisStore, witnesses: Witnesses): Presence {
  const { identity = "ip", ipv6Prefix = 64, windowSeconds = DEFAULT_WINDOW_SECONDS } = options;
  const { keyTtlSeconds = defaultKeyTtlSeconds(windowSeconds), channels, channelsMax } = options;
  try {
    return createPresence({
      ...options,
      store,
      channels: createChannelPolicy({
        liveMs: keyTtlSeconds * 1_000,
        ...(channels === undefined ? {} : { allowed: channels }),
        ...(channelsMax === undefined ? {} : { max: channelsMax }),
      }),
      profile: { identity, ipv6Prefix },
      onEvent: (event) => hearPresence(event, witnesses),
    });
  } catch (error) {
    void store.close();
    throw error;
  }
}

function hearLink(event: LinkEvent, { report, health }: Witnesses): void {
  switch (event.kind) {
    case "connection-error":
      return health.lost(event.error);
    case "clock-jump": {
      const { jumpMs } = event;
      const message = `The clock of Redis jumped by ${Math.round(jumpMs)} ms: counts are incomplete until it has settled.`;
      return report({ kind: "clock-jump", message, jumpMs });
    }
    case "other-shards": {
      const { shards, configured } = event;
      const message = `This set is spread over ${shards} shards, not ${configured}: its own number is used. Set shards: ${shards}.`;
      return report({ kind: "other-shards", message, shards, configured });
    }
  }
}

function hearPresence(event: CoreEvent, { report, health, tally }: Witnesses): void {
  switch (event.kind) {
    case "store-lost":
      return health.lost(event.error);
    case "flushed":
    case "registered":
      return health.back();
    case "epoch-changed": {
      const { sentAgain } = event;
      const message = `Redis lost its data: ${sentAgain} visitors are sent again, counts are incomplete for a window.`;
      return report({ kind: "data-lost", message, sentAgain });
    }
    case "sightings-lost":
      return tally.add(event.reason, event.visitors);
    case "store-back":
    case "registration-failed":
      // The next write tells.
      return;
  }
}
