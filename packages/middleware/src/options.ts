import type { PresenceEvent } from "./events.ts";

/** What every `presence()` takes, wherever sightings go. `Request` is what the framework hands its handlers. */
export interface CommonOptions<Request> {
  /**
   * Peers whose header is believed: addresses, CIDRs, `loopback`, `private`, `unix`. Without them each
   * request's own connection says who it is from. @default none
   */
  readonly trustedProxies?: readonly string[];
  /**
   * Where a trusted peer says who the client is: `x-forwarded-for`, `forwarded` (RFC 7239), or the name of a
   * header with a single address that the proxy overwrites. @default "x-forwarded-for"
   */
  readonly clientHeader?: string;
  /** Who is never counted: addresses, CIDRs, `loopback`, `private`, words of user agents. @default none */
  readonly ignore?: readonly string[];
  /** Answers `true` for a request that counts nobody, at once: a promise is no answer. @default counts all */
  readonly skip?: (request: Request) => boolean;
  /** The channel, or channels, a request counts on; `undefined` is `site`. @default "site" */
  readonly channel?: (request: Request) => string | readonly string[] | undefined;
  /** How long a sighting keeps a visitor online, in whole seconds, 1 to 86,400. @default 60 */
  readonly windowSeconds?: number;
  /** Longest wait before pending sightings are sent, in milliseconds, 1 to 10,000. @default 100 */
  readonly flushMs?: number;
  /** Most visitors that wait in memory; what comes beyond is dropped and counted. @default 100000 */
  readonly bufferVisitors?: number;
  /** Told of what nobody awaits. @default a Node warning of type `PresenceWarning` */
  readonly onEvent?: (event: PresenceEvent) => void;
}

/** Sightings go to Redis, beside any other writer of the same set. */
export interface RedisOptions<Request> extends CommonOptions<Request> {
  /**
   * `redis://`, `rediss://`, `redis+sentinel://` or `redis+cluster://`, whose connection is opened and closed
   * here; or an ioredis client or cluster, which stays the caller's.
   */
  readonly redis: string | URL | RedisConnection;
  /** Prefix of all keys, and the key of the channel `site`. @default "onlines" */
  readonly key?: string;
  /** Over how many sets a channel's visitors are spread, 1 to 64; as every writer has it. @default 1 */
  readonly shards?: number;
  /** Life of a key that nobody writes to, in seconds, at least window + 10. @default 2 windows + 60 */
  readonly keyTtlSeconds?: number;
  /** What is kept of a visitor: the address, its /24 or /48, or a hash whose key rotates daily. @default "ip" */
  readonly identity?: "ip" | "masked" | "hashed";
  /** IPv6 clients that share this many bits are one visitor: 32 to 128. @default 64 */
  readonly ipv6Prefix?: number;
  /** Whether bots count like anybody, on a count of their own, or not at all. @default "include" */
  readonly bots?: "include" | "separate" | "drop";
  /** Names and prefix patterns (`page:*`) of the channels that may be counted on. @default ["site"] */
  readonly channels?: readonly string[];
  /** Most channels live at a time, 1 to 1,000,000. @default 10000 */
  readonly channelsMax?: number;
  readonly url?: never;
  readonly ingestToken?: never;
  readonly readToken?: never;
}

/** Sightings go to a Presence server, which decides about identity, bots, IPv6 groups and channels. */
export interface ServerOptions<Request> extends CommonOptions<Request> {
  /** Where the server is, a path included where it has one: `https://presence.example.com`. */
  readonly url: string | URL;
  /** One of the server's `PRESENCE_INGEST_TOKENS`. */
  readonly ingestToken: string;
  /** For `count()` where the server does not show counts to everybody. @default none */
  readonly readToken?: string;
  readonly redis?: never;
  readonly key?: never;
  readonly shards?: never;
  readonly keyTtlSeconds?: never;
  readonly identity?: never;
  readonly ipv6Prefix?: never;
  readonly bots?: never;
  readonly channels?: never;
  readonly channelsMax?: never;
}

/** Options of `presence()`. */
export type PresenceOptions<Request> = RedisOptions<Request> | ServerOptions<Request>;

/**
 * An ioredis client or cluster, by what tells one: the class itself would be another one for every installed
 * copy of ioredis.
 */
export interface RedisConnection {
  readonly status: string;
  readonly duplicate: (...args: never[]) => unknown;
  readonly zadd: (...args: never[]) => unknown;
}
