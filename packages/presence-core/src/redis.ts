export { parseRedisUrl, type RedisAddress } from "./redis/address.ts";
export { connectRedis, type RedisClient } from "./redis/connect.ts";
export type { Inspected, RedisInspection } from "./redis/inspect.ts";
export { createKeys, type RedisKeys } from "./redis/keys.ts";
export type { LinkEvent } from "./redis/redis-link.ts";
export type { Resharding, ReshardStatus } from "./redis/reshard.ts";
export { shardOf, shardTags, slotOf } from "./redis/slots.ts";
export {
  connectRedisStore,
  type ConnectRedisStoreOptions,
  createRedisStore,
  type RedisStore,
  type RedisStoreOptions,
  type RedisStoreSettings,
} from "./stores/redis-store.ts";
