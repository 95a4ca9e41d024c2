import { createVisitorReader, type VisitorReader } from "@presence/client-address";
import {
  assertChannel,
  createIdentityKeys,
  createPresence,
  FUTURE_TOLERANCE_MS,
  type IdentityKeysNow,
} from "@presence/core";
import type { CliConfig } from "../config.ts";
import type { Io } from "../io.ts";
import type { RedisPlace } from "../source/place.ts";
import { openStore, type StoreProfile } from "../source/store/open-store.ts";
import { BUFFER_VISITORS, type Destination, type DestinationOptions } from "./destination.ts";
import { createUniquesDay } from "./uniques-day.ts";
import { watchStore } from "./watch-store.ts";

/** Writes on their way to Redis at a time: some are made while others are answered. */
const MAX_FLUSHES = 4;

/** Sightings go straight to Redis, as visitors of the identity that is used there. */
export async function openRedisDestination(
  place: RedisPlace,
  config: CliConfig,
  io: Pick<Io, "stderr">,
  { channel, isLasting, onRefused, onLost, onBack }: DestinationOptions,
): Promise<Destination> {
  assertChannel(channel);
  const { store, profile, close: closeStore } = await openStore(place, config, io);
  const { windowSeconds, keyTtlSeconds, identity, ipv6Prefix } = profile;
  const windowMs = windowSeconds * 1_000;
  const keys = identity === "hashed" ? createIdentityKeys(store, windowSeconds) : null;
  const watch = watchStore(store, { onLost, onBack });

  async function close(): Promise<void> {
    watch.close();
    keys?.close();
    await closeStore();
  }

  try {
    const reader = await createReader(config, profile, () => keys?.at(store.nowMs()) ?? null);
    await keys?.load();
    const presence = createPresence({
      store,
      windowSeconds,
      keyTtlSeconds,
      bufferVisitors: BUFFER_VISITORS,
      maxFlushes: MAX_FLUSHES,
      // Who records a log to its end has nothing to send again when it is through.
      resendVisitors: isLasting ? BUFFER_VISITORS : 0,
      profile: { identity, ipv6Prefix },
      uniquesDay: createUniquesDay(config),
      onEvent(event) {
        watch.hear(event);
        if (event.kind === "sightings-lost") onRefused(event.reason, event.visitors);
      },
    });
    if (isLasting) presence.start();
    return {
      needsUserAgents: config.bots !== "include" || config.ignore.length > 0,
      refusalOf(atMs) {
        const nowMs = store.nowMs();
        if (atMs <= nowMs - windowMs) return "expired";
        return atMs > nowMs + FUTURE_TOLERANCE_MS ? "future" : null;
      },
      record({ address, userAgent, atMs }) {
        const reading = reader.ofAddress(address, userAgent);
        if (reading.visitor === null) return reading.reason;
        const { visitor, isBot, replaces } = reading;
        const at = atMs === null ? {} : { atMs };
        return presence.record(visitor, {
          channel,
          isBot,
          ...at,
          ...(replaces === undefined ? {} : { replaces }),
        });
      },
      pending: () => presence.stats().pending,
      flush: () => presence.flush(),
      async close() {
        await presence.close();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function createReader(
  { bots, ignore }: CliConfig,
  { identity, ipv6Prefix }: StoreProfile,
  hashKeys: () => IdentityKeysNow | null,
): Promise<VisitorReader> {
  return createVisitorReader({
    ipv6Prefix,
    ignore,
    identity: identity === "hashed" ? { hashKeys } : identity,
    bots: bots === "include" ? "include" : { action: bots, isBot: (await import("isbot")).isbot },
  });
}
