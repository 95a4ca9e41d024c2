import { randomBytes } from "node:crypto";
import type { RedisKeys } from "./keys.ts";
import type { RedisLink } from "./redis-link.ts";

/** Life of the keys after the last of them was made, in seconds: a day's key outlives its day by two. */
const SECRET_TTL_SECONDS = 3 * 86_400;

/** The key of a UTC day, made where it is missing; the keys of days before yesterday's go. */
export function readIdentityKey(link: RedisLink, keys: RedisKeys, day: string): Promise<Uint8Array> {
  return link.ask(async (redis) => {
    const made = await redis.hsetnx(keys.secret, day, randomBytes(32).toString("base64url"));
    const kept = await redis.hget(keys.secret, day);
    if (made === 1) {
      const old = (await redis.hkeys(keys.secret)).filter((known) => known < dayBefore(day, 2));
      await Promise.all([
        redis.expire(keys.secret, SECRET_TTL_SECONDS),
        ...(old.length > 0 ? [redis.hdel(keys.secret, ...old)] : []),
      ]);
    }
    return Buffer.from(kept ?? "", "base64url");
  });
}

/** The day `days` before a UTC day, both `YYYY-MM-DD`. */
function dayBefore(day: string, days: number): string {
  return new Date(Date.parse(day) - days * 86_400_000).toISOString().slice(0, 10);
}
