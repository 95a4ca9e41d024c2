import { randomUUID } from "node:crypto";
import type { ChannelPolicy } from "./channel-policy.ts";
import type { PresenceEvent, PresenceOptions } from "./presence-types.ts";
import type { PresenceStore } from "./store.ts";
import type { WriterProfile } from "./types.ts";
import { assertWhole, assertWindow } from "./validate.ts";
import { DEFAULT_WINDOW_SECONDS, defaultKeyTtlSeconds } from "./window.ts";

/** {@link PresenceOptions} with every default filled in, those apart that only the recorder needs. */
export interface PresenceSettings {
  readonly store: PresenceStore;
  readonly windowSeconds: number;
  readonly keyTtlSeconds: number;
  readonly shareReadsMs: number;
  readonly readTimeoutMs: number;
  readonly listTimeoutMs: number;
  readonly uniquesDay: (channel: string, nowMs: number) => string | null;
  readonly channels: ChannelPolicy | null;
  readonly writer: WriterProfile & { readonly id: string };
  readonly onEvent: (event: PresenceEvent) => void;
}

/** @throws {PresenceError} `PRESENCE_INVALID_WINDOW` or `PRESENCE_INVALID_OPTION` for an option out of bounds. */
export function readOptions(options: PresenceOptions): PresenceSettings {
  const { store, windowSeconds = DEFAULT_WINDOW_SECONDS } = options;
  const {
    keyTtlSeconds = defaultKeyTtlSeconds(windowSeconds),
    shareReadsMs = 0,
    readTimeoutMs = 250,
  } = options;
  const { uniquesDay = () => null, channels = null } = options;
  const { profile = { identity: "ip", ipv6Prefix: 64 }, onEvent = () => {} } = options;
  assertWindow(windowSeconds);
  const bounds = [
    ["keyTtlSeconds", keyTtlSeconds, windowSeconds + 10, 31_536_000],
    ["shareReadsMs", shareReadsMs, 0, 1_000],
    ["readTimeoutMs", readTimeoutMs, 1, 60_000],
  ] as const;
  for (const [name, value, min, max] of bounds) assertWhole("PRESENCE_INVALID_OPTION", name, value, min, max);
  let id: string | null = null;
  const writer = {
    // Made for who writes: it costs a short program that only reads as much as all else of its start.
    get id() {
      return (id ??= randomUUID());
    },
    ...profile,
    windowSeconds,
    shards: store.shards,
  };
  const listTimeoutMs = readTimeoutMs * 4;
  return {
    store,
    windowSeconds,
    keyTtlSeconds,
    shareReadsMs,
    readTimeoutMs,
    listTimeoutMs,
    uniquesDay,
    channels,
    writer,
    onEvent,
  };
}
