import type { ClockReading } from "@presence/core";
import type { Inspected, RedisInspection } from "@presence/core/redis";
import { duration } from "../output/words.ts";
import { type Check, fail, ok, warn } from "./check.ts";

/** The first version with `ZADD GT`, which lets no older sighting replace a newer one. */
const OLDEST_VERSION = [6, 2] as const;

/** An answer slower than this is felt by who waits for a number, in milliseconds. */
const SLOW_MS = 50;

/** A clock further off than this, in milliseconds, makes times that others send too old or too new. */
const SKEW_MS = 1_000;

/** Share of its memory from which on a server soon refuses writes. */
const FULL_SHARE = 0.9;

/** What the server says of itself. @param grant The command that gives the Redis user a permission. */
export function checkServer(
  name: string,
  { server, memory }: RedisInspection,
  clock: ClockReading,
  grant: (permission: string) => string,
): readonly Check[] {
  return [
    checkLatency(name, clock),
    ...inspected("version", server, grant, ({ version, role }) => [checkVersion(version), checkRole(role)]),
    ...inspected("policy", memory, grant, (found) => [checkPolicy(found.policy), checkMemory(found)]),
    checkClock(clock),
  ];
}

/** The checks of an answer, or a warning that names the permission that is missing for it. */
export function inspected<T>(
  name: string,
  answer: Inspected<T>,
  grant: (permission: string) => string,
  check: (value: T) => readonly Check[],
): readonly Check[] {
  return answer.ok ? check(answer.value) : [notAllowed(name, answer.missing, grant)];
}

/** The Redis user may not ask. */
export function notAllowed(name: string, permission: string, grant: (permission: string) => string): Check {
  return warn(name, `this Redis user may not ask: it lacks ${permission}`, grant(permission));
}

function checkLatency(name: string, { roundTripMs }: ClockReading): Check {
  const answers = `${name.replace(/^redis /, "")} answers in ${roundTripMs.toFixed(1)} ms`;
  return roundTripMs <= SLOW_MS
    ? ok("redis", answers)
    : warn(
        "redis",
        answers,
        "run it nearer to who asks it, or look for what keeps it busy: redis-cli SLOWLOG GET 10",
      );
}

function checkVersion(version: string): Check {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const isNewEnough =
    major > OLDEST_VERSION[0] || (major === OLDEST_VERSION[0] && minor >= OLDEST_VERSION[1]);
  return isNewEnough
    ? ok("version", version)
    : fail(
        "version",
        `${version} is older than ${OLDEST_VERSION.join(".")}`,
        "install Redis 6.2 or later, or Valkey",
      );
}

function checkRole(role: string): Check {
  return role === "master"
    ? ok("role", role)
    : fail(
        "role",
        `this server is a ${role === "slave" ? "replica" : role}: it takes no sightings`,
        "name the master in REDIS_URL, or let Sentinel find it: redis+sentinel://host:26379/<master>",
      );
}

function checkPolicy(policy: string): Check {
  return policy === "noeviction"
    ? ok("policy", "maxmemory-policy is noeviction")
    : warn(
        "policy",
        `maxmemory-policy is ${policy}: when memory is short Redis may throw all visitors away at once`,
        "redis-cli CONFIG SET maxmemory-policy noeviction, and the same in redis.conf; or a Redis of its own",
      );
}

function checkMemory({
  usedBytes,
  maxBytes,
}: {
  readonly usedBytes: number;
  readonly maxBytes: number;
}): Check {
  if (maxBytes === 0) return ok("memory", `${megabytes(usedBytes)} used, no limit set`);
  const used = `${megabytes(usedBytes)} of ${megabytes(maxBytes)} used`;
  if (usedBytes < maxBytes * FULL_SHARE) return ok("memory", used);
  const remedy = "raise maxmemory, or give Presence a Redis of its own";
  return usedBytes < maxBytes
    ? warn("memory", used, remedy)
    : fail("memory", `${used}: sightings are refused`, remedy);
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_048_576).toFixed(1)} MB`;
}

function checkClock({ offsetMs }: ClockReading): Check {
  const side = offsetMs >= 0 ? "ahead of" : "behind";
  const skew = Math.abs(offsetMs);
  if (skew <= SKEW_MS) return ok("clock", `Redis' clock is ${skew} ms ${side} this machine's`);
  return warn(
    "clock",
    `Redis' clock is ${duration(skew)} ${side} this machine's: times that this machine sends are off by as much`,
    "set both clocks by NTP: timedatectl set-ntp true",
  );
}
