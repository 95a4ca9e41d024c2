export type { PresenceEvent } from "./events.ts";
export type { PresenceHandle, PresenceStats } from "./handle.ts";
export type {
  CommonOptions,
  PresenceOptions,
  RedisConnection,
  RedisOptions,
  ServerOptions,
} from "./options.ts";
export type { CountOptions, OnlineCount } from "@presence/core";
