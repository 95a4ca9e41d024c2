import { defaultKeyTtlSeconds, PresenceError, type RegisteredWriter } from "@presence/core";
import { connectRedisStore, parseRedisUrl, type RedisStore } from "@presence/core/redis";
import type { CliConfig, Identity } from "../../config.ts";
import type { Output } from "../../io.ts";
import type { RedisPlace } from "../place.ts";

/** Longest wait for the store to answer at the start, in milliseconds. */
const READY_TIMEOUT_MS = 3_000;

/** How the visitors of a store are made and counted. */
export interface StoreProfile {
  readonly windowSeconds: number;
  /** The longest window of all who record, at least `windowSeconds`. */
  readonly longestWindowSeconds: number;
  readonly keyTtlSeconds: number;
  readonly identity: Identity;
  readonly ipv6Prefix: number;
}

/** An open store. */
export interface OpenStore {
  readonly name: string;
  readonly store: RedisStore;
  readonly profile: StoreProfile;
  close(): Promise<void>;
}

/**
 * Connects, and finds out how those who record there do it: what the environment does not say is taken from
 * them, so that a bare `--redis-url` counts over the right sets and the right window.
 */
export async function openStore(
  { url, key }: RedisPlace,
  config: CliConfig,
  io: { readonly stderr: Pick<Output, "write"> },
): Promise<OpenStore> {
  const refusal = Promise.withResolvers<never>();
  refusal.promise.catch(() => {});
  const store = connectRedisStore({
    url,
    key,
    // Over how many sets it is spread, the store says itself.
    shards: config.shards ?? 1,
    onEvent(event) {
      // A person who mistyped a port need not wait for one who starts a server.
      if (event.kind === "connection-error" && isRefusal(event.error))
        refusal.reject(unreachable(event.error));
    },
  });
  try {
    await Promise.race([store.whenReady(READY_TIMEOUT_MS), refusal.promise]);
    const writers = await readWriters(store);
    const profile = profileOf(config, writers);
    await warnOfDisagreement(config, writers, io);
    return { name: nameOf(url), store, profile, close: () => store.close() };
  } catch (error) {
    await store.close();
    throw error;
  }
}

function isRefusal(error: Error): boolean {
  return "code" in error && (error.code === "ECONNREFUSED" || error.code === "ENOTFOUND");
}

function unreachable(cause: Error): PresenceError {
  return new PresenceError("PRESENCE_STORE_UNAVAILABLE", `the store cannot be reached: ${cause.message}`, {
    cause,
  });
}

/** Who records there, latest first; nobody where this user may not ask. */
async function readWriters(store: RedisStore): Promise<readonly RegisteredWriter[]> {
  try {
    const state = await store.state();
    return (state?.writers ?? []).toSorted((a, b) => b.seenMs - a.seenMs);
  } catch (error) {
    if (error instanceof PresenceError && error.code === "PRESENCE_STORE_REFUSED") return [];
    throw error;
  }
}

function profileOf(config: CliConfig, writers: readonly RegisteredWriter[]): StoreProfile {
  const [latest] = writers;
  const windows = writers.map((writer) => writer.windowSeconds);
  const windowSeconds = config.windowSeconds ?? Math.max(...(windows.length === 0 ? [60] : windows));
  return {
    windowSeconds,
    longestWindowSeconds: Math.max(windowSeconds, ...windows),
    keyTtlSeconds: config.keyTtlSeconds ?? defaultKeyTtlSeconds(windowSeconds),
    identity: config.identity ?? latest?.identity ?? "ip",
    ipv6Prefix: config.ipv6Prefix ?? latest?.ipv6Prefix ?? 64,
  };
}

/** Says where this environment and those who record are at odds: the number would mean something else. */
async function warnOfDisagreement(
  config: CliConfig,
  writers: readonly RegisteredWriter[],
  io: { readonly stderr: Pick<Output, "write"> },
): Promise<void> {
  const compared = [
    ["PRESENCE_WINDOW_SECONDS", config.windowSeconds, "windowSeconds"],
    ["PRESENCE_SHARDS", config.shards, "shards"],
    ["PRESENCE_IDENTITY", config.identity, "identity"],
    ["PRESENCE_IPV6_PREFIX", config.ipv6Prefix, "ipv6Prefix"],
  ] as const;
  for (const [variable, here, field] of compared) {
    const other = writers.find((writer) => here !== undefined && writer[field] !== here);
    if (other === undefined) continue;
    await io.stderr.write(
      `${variable} is ${here} here, but a process that records uses ${other[field]}: set the same, or leave it out.\n`,
    );
  }
}

/** As a sentence names it: never with its user or password. */
function nameOf(url: string): string {
  const { hosts, kind, db } = parseRedisUrl(url);
  const usual = kind === "sentinel" ? 26_379 : 6_379;
  const places = hosts.map(({ host, port }) => {
    const bare = host.includes(":") ? `[${host}]` : host;
    return port === usual ? bare : `${bare}:${port}`;
  });
  return `redis ${places.join(",")}${db === 0 ? "" : `/${db}`}`;
}
