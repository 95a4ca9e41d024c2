import type { Inspected } from "@presence/core/redis";
import type { Facts } from "../facts.ts";
import { figure, type Found } from "../finding.ts";

/** Share of `maxmemory` from which on an operator should look. */
const NEARLY_FULL = 0.9;

/** What Redis says of itself and of the site's sets. */
export function findRedis({ config: { key }, store: { inspection } }: Facts): readonly Found[] {
  if (inspection === null) return [];
  const { memory, keyTypes, ttlSeconds, inFuture } = inspection;
  const types = valueOf(keyTypes) ?? [];
  const isOfWrongType = types.some((type) => type !== "zset" && type !== "none");
  return [
    ...(isOfWrongType ? [wrongType(key, types)] : []),
    ...memoryFindings(valueOf(memory)),
    ...futureFindings(valueOf(inFuture) ?? 0),
    ...((valueOf(ttlSeconds) ?? []).includes(-1) && !isOfWrongType ? [shared(key)] : []),
    ...missingPermissions([inspection.server, memory, keyTypes, ttlSeconds]),
  ];
}

function wrongType(key: string, types: readonly string[]): Found {
  const type = types.find((each) => each !== "zset" && each !== "none") ?? "";
  return {
    code: "key-type",
    severity: "fail",
    title: "Something else is kept under the key of the count",
    detail: `${key} is a ${type}, not a sorted set: nothing can be recorded.`,
    values: { key, type },
    remedy: `Set PRESENCE_KEY to a name nobody uses, or remove the key: redis-cli DEL ${key}`,
  };
}

function memoryFindings(
  memory: { usedBytes: number; maxBytes: number; policy: string } | null,
): readonly Found[] {
  if (memory === null) return [];
  const { usedBytes, maxBytes, policy } = memory;
  const isLimited = maxBytes > 0;
  const found: (Found | false)[] = [
    policy !== "noeviction" && {
      code: "eviction-policy",
      severity: "warn",
      title: "Redis may evict visitors",
      detail: `Its maxmemory-policy is ${policy}: with its memory full it removes whole channels, and the count falls silently${isLimited ? "" : " (it has no maxmemory now, so nothing is evicted yet)"}.`,
      values: { policy, ...(isLimited ? {} : { maxmemory: maxBytes }) },
      remedy: "redis-cli CONFIG SET maxmemory-policy noeviction, and the same in its configuration file.",
    },
    isLimited &&
      usedBytes >= maxBytes * NEARLY_FULL && {
        code: "memory-nearly-full",
        severity: "warn",
        title: "The memory of Redis is nearly full",
        detail: `It uses ${megabytes(usedBytes)} of ${megabytes(maxBytes)}; a visitor takes about 120 bytes.`,
        values: { usedBytes, maxBytes },
        remedy: "Raise its maxmemory, or see what else is kept there: redis-cli --bigkeys",
      },
  ];
  return found.filter((finding) => finding !== false);
}

function futureFindings(inFuture: number): readonly Found[] {
  if (inFuture === 0) return [];
  return [
    {
      code: "visitors-of-the-future",
      severity: "warn",
      title: "Visitors have a time in the future",
      detail: `${figure(inFuture)} of them; they are never counted, and the next prune removes them.`,
      values: { count: inFuture },
      remedy:
        "Another program writes to the same key: its scores must be unix seconds, not milliseconds, and its clock right.",
    },
  ];
}

function shared(key: string): Found {
  return {
    code: "key-without-end",
    severity: "info",
    title: "Another program writes to the same key",
    detail: `${key} has no time to live, as keys that Presence makes have: it was made by somebody else, and stays so.`,
    values: { key },
    remedy:
      "Nothing where that is meant: prune keeps it small. Sharing needs PRESENCE_IDENTITY=ip, and PRESENCE_IPV6_PREFIX=128 where there are IPv6 clients.",
  };
}

function missingPermissions(inspected: readonly Inspected<unknown>[]): readonly Found[] {
  const missing = [...new Set(inspected.flatMap((part) => (part.ok ? [] : [part.missing])))];
  if (missing.length === 0) return [];
  const permissions = missing.join(" ");
  return [
    {
      code: "redis-permission",
      severity: "info",
      title: "The user of Redis may not be asked everything",
      detail: `It lacks ${missing.join(", ")}: findings about that are left out. Counting does not need it.`,
      values: { permissions },
      remedy: `redis-cli ACL SETUSER <user> ${permissions}`,
    },
  ];
}

function valueOf<T>(inspected: Inspected<T>): T | null {
  return inspected.ok ? inspected.value : null;
}

function megabytes(bytes: number): string {
  return `${figure(bytes / 1_048_576)} MB`;
}
