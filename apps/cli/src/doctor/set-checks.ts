import type { RedisInspection } from "@presence/core/redis";
import { counted } from "../output/words.ts";
import { type Check, fail, ok, warn } from "./check.ts";
import { inspected } from "./server-checks.ts";

/** What {@link checkSets} needs to know. */
export interface SetsToCheck {
  readonly channel: string;
  /** The first of the keys the channel's visitors are in. */
  readonly key: string;
  readonly keyTtlSeconds: number;
  readonly found: RedisInspection;
  /** Expired visitors that should have been removed by now; `null` where that is not known. */
  readonly overdue: number | null;
  /** The command that gives the Redis user a permission. */
  readonly grant: (permission: string) => string;
}

/** The sets a channel's visitors are in: what they are, and who is in them that should not be. */
export function checkSets(sets: SetsToCheck): readonly Check[] {
  const { key, found, grant } = sets;
  const wrong = found.keyTypes.ok
    ? found.keyTypes.value.find((type) => type !== "zset" && type !== "none")
    : undefined;
  if (wrong !== undefined) {
    return [
      fail(
        "key",
        `${key} is a ${wrong}, no sorted set: another program uses that name`,
        `set PRESENCE_KEY to a prefix that nobody else uses; or, if nobody needs it: redis-cli DEL ${key}`,
      ),
    ];
  }
  return [
    ...inspected("key", found.keyTypes, grant, (types) => checkLife(sets, types)),
    ...inspected("future", found.inFuture, grant, (visitors) => [checkFuture(visitors)]),
    ...inspected("expired", found.expiredWaiting, grant, (waiting) => [checkExpired(waiting, sets)]),
  ];
}

function checkLife(
  { key, keyTtlSeconds, found, grant }: SetsToCheck,
  types: readonly string[],
): readonly Check[] {
  if (types.every((type) => type === "none"))
    return [ok("key", `${key} is not there: nobody was seen lately`)];
  return inspected("key", found.ttlSeconds, grant, (lives) => {
    const endless = lives.filter((life) => life === -1).length;
    if (endless === 0)
      return [ok("key", `${key} is a sorted set and leaves by itself in ${Math.max(...lives)} s`)];
    return [
      warn(
        "key",
        `${key} has no time to live: it belongs to somebody else too, and would stay if everybody left`,
        `nothing, if another program writes it; else redis-cli EXPIRE ${key} ${keyTtlSeconds}`,
      ),
    ];
  });
}

function checkFuture(visitors: number): Check {
  return visitors === 0
    ? ok("future", "nobody has a time in the future")
    : fail(
        "future",
        `${counted(visitors, "visitor")} with a time in the future: ${visitors === 1 ? "it is" : "they are"} not counted`,
        "a writer sends milliseconds in place of seconds, or its clock is wrong: mend it, then presence-cli prune",
      );
}

function checkExpired(waiting: number, { channel, overdue }: SetsToCheck): Check {
  const prune = `presence-cli prune --channel ${channel}`;
  if (overdue === null || overdue === 0) {
    return ok(
      "expired",
      waiting === 0
        ? "nobody waits for a prune"
        : `${counted(waiting, "expired visitor")} waiting for the next prune`,
    );
  }
  return fail(
    "expired",
    `${counted(overdue, "expired visitor")} left behind by the prunes of three minutes`,
    `see the line about prune; where it runs, it looks elsewhere: compare PRESENCE_KEY, REDIS_URL and its database number. By hand: ${prune}`,
  );
}
