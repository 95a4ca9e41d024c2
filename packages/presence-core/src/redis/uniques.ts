import type { RedisClient } from "./connect.ts";
import type { RedisKeys } from "./keys.ts";
import type { RedisLink } from "./redis-link.ts";
import { UNIQUES_KEPT_DAYS } from "../uniques/kept-days.ts";

/** Life of one day's distinct visitors, in seconds. */
const UNIQUES_TTL_SECONDS = UNIQUES_KEPT_DAYS * 86_400;

/** Adds visitors to a day's HyperLogLog, one command for all of a write. */
export function addUniques(redis: RedisClient, key: string, visitors: Iterable<string>): Promise<unknown>[] {
  return [redis.pfadd(key, ...visitors), redis.expire(key, UNIQUES_TTL_SECONDS)];
}

/** Distinct visitors of each day; `null` for a day without a key. */
export function countUniques(
  link: RedisLink,
  keys: RedisKeys,
  channel: string,
  days: readonly string[],
): Promise<(number | null)[]> {
  return link.ask((redis) =>
    Promise.all(
      days.map(async (day) => {
        const key = keys.uniques(channel, day);
        const [count, exists] = await Promise.all([redis.pfcount(key), redis.exists(key)]);
        return exists === 0 ? null : count;
      }),
    ),
  );
}
