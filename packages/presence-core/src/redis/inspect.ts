import { FUTURE_TOLERANCE_MS } from "../window.ts";
import type { RedisKeys } from "./keys.ts";
import type { RedisLink } from "./redis-link.ts";
import type { RedisClient } from "./connect.ts";

/** An answer, or the permission that is missing for it. */
export type Inspected<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly missing: string };

/** What a Redis server says of itself and of our keys. */
export interface RedisInspection {
  readonly server: Inspected<{
    readonly version: string;
    readonly role: string;
    readonly uptimeSeconds: number;
  }>;
  readonly memory: Inspected<{
    readonly usedBytes: number;
    readonly maxBytes: number;
    readonly policy: string;
  }>;
  /** Type of the channel's sets as Redis names it; `none` where nobody was seen. */
  readonly keyTypes: Inspected<readonly string[]>;
  /** Seconds to live of the channel's sets; -1 none, -2 no set. */
  readonly ttlSeconds: Inspected<readonly number[]>;
  /** Visitors of the channel with a time beyond the tolerance. */
  readonly inFuture: Inspected<number>;
  /** Expired visitors of the channel that wait for a prune. */
  readonly expiredWaiting: Inspected<number>;
}

/**
 * Asks the server about itself, each question for itself: a user who may not ask one of them (NOPERM) still gets
 * the others, and the name of the permission that is missing.
 *
 * @throws {PresenceError} `PRESENCE_STORE_UNAVAILABLE` when it cannot be asked at all.
 */
export async function inspectRedis(
  link: RedisLink,
  client: RedisClient,
  keys: RedisKeys,
  { windowSeconds, channel }: { readonly windowSeconds: number; readonly channel: string },
): Promise<RedisInspection> {
  const nowMs = link.clock.nowMs();
  const sets = keys.channel(channel);
  const high = `(${(nowMs + FUTURE_TOLERANCE_MS) / 1_000}`;
  const low = String((nowMs - windowSeconds * 1_000) / 1_000);
  const sum = (counts: readonly number[]): number => counts.reduce((total, n) => total + n, 0);
  const [server, memory, keyTypes, ttlSeconds, inFuture, expiredWaiting] = await link.ask(() =>
    Promise.all([
      inspect("+info", async () => readServer(await client.info("server"), await client.info("replication"))),
      inspect("+info", async () => readMemory(await client.info("memory"))),
      inspect("+type", () => Promise.all(sets.map((set) => client.type(set)))),
      inspect("+ttl", () => Promise.all(sets.map((set) => client.ttl(set)))),
      inspect("+zcount", async () =>
        sum(await Promise.all(sets.map((set) => client.zcount(set, high, "+inf")))),
      ),
      inspect("+zcount", async () =>
        sum(await Promise.all(sets.map((set) => client.zcount(set, "-inf", low)))),
      ),
    ]),
  );
  return { server, memory, keyTypes, ttlSeconds, inFuture, expiredWaiting };
}

async function inspect<T>(permission: string, ask: () => Promise<T>): Promise<Inspected<T>> {
  try {
    return { ok: true, value: await ask() };
  } catch (error) {
    // NOPERM and WRONGTYPE are codes of the protocol, the first word of an error reply.
    if (error instanceof Error && error.message.startsWith("NOPERM"))
      return { ok: false, missing: permission };
    if (error instanceof Error && error.message.startsWith("WRONGTYPE"))
      return { ok: false, missing: "sorted set" };
    throw error;
  }
}

function readServer(server: string, replication: string) {
  return {
    version: field(server, "redis_version"),
    role: field(replication, "role"),
    uptimeSeconds: Number(field(server, "uptime_in_seconds")),
  };
}

function readMemory(memory: string) {
  return {
    usedBytes: Number(field(memory, "used_memory")),
    maxBytes: Number(field(memory, "maxmemory")),
    policy: field(memory, "maxmemory_policy"),
  };
}

function field(info: string, name: string): string {
  return new RegExp(`^${name}:(.*?)\\r?$`, "m").exec(info)?.[1] ?? "";
}
