import { PresenceError } from "../errors.ts";

/** Where a Redis is, as an URL says it. */
export interface RedisAddress {
  readonly kind: "standalone" | "sentinel" | "cluster";
  readonly hosts: readonly { readonly host: string; readonly port: number }[];
  readonly tls: boolean;
  readonly username?: string;
  readonly password?: string;
  /** Database number; 0 in a cluster. */
  readonly db: number;
  /** Name of the master, with Sentinel. */
  readonly master?: string;
}

const SHAPE = /^(rediss?)(\+sentinel|\+cluster)?:\/\/(?:([^@/]*)@)?([^/?#]+)(\/[^?#]*)?$/;
const HOST = /^(\[[0-9a-f:.]+\]|[^:\s[\]]+)(?::(\d{1,5}))?$/i;
const EXAMPLES =
  "redis://localhost:6379/7, rediss://user:password@host, redis+sentinel://a:26379,b:26379/mymaster, redis+cluster://a:6379,b:6379";

/**
 * Reads `redis://`, `rediss://` (TLS), `redis+sentinel://host,host/master[/db]` and `redis+cluster://host,host`.
 *
 * @throws {PresenceError} `PRESENCE_INVALID_OPTION`; the message never holds the URL, for it may hold a password.
 */
export function parseRedisUrl(url: string): RedisAddress {
  const [, scheme, suffix = "", credentials, hostList = "", path = ""] = SHAPE.exec(url) ?? [];
  if (scheme === undefined) throw invalid("is malformed");
  const kind = suffix === "" ? "standalone" : (suffix.slice(1) as "sentinel" | "cluster");
  const hosts = hostList.split(",").map((text) => parseHost(text, kind === "sentinel" ? 26_379 : 6_379));
  if (kind === "standalone" && hosts.length > 1)
    throw invalid("names several hosts without +sentinel or +cluster");
  const parts = path.split("/").filter((part) => part !== "");
  const master = kind === "sentinel" ? parts.shift() : undefined;
  if (kind === "sentinel" && master === undefined) throw invalid("lacks the master's name after the hosts");
  const [dbText = "0", ...rest] = parts;
  if (rest.length > 0 || !/^\d{1,4}$/.test(dbText)) throw invalid("has a path that is no database number");
  if (kind === "cluster" && dbText !== "0") throw invalid("names a database, of which a cluster has only 0");
  return {
    kind,
    hosts,
    tls: scheme === "rediss",
    db: Number(dbText),
    ...parseCredentials(credentials),
    ...(master === undefined ? {} : { master: decode(master) }),
  };
}

function parseHost(text: string, defaultPort: number): { host: string; port: number } {
  const [, host, portText] = HOST.exec(text) ?? [];
  const port = portText === undefined ? defaultPort : Number(portText);
  if (host === undefined || port < 1 || port > 65_535) throw invalid("has a host or port that is none");
  return { host: host.replace(/^\[|\]$/g, ""), port };
}

function parseCredentials(text: string | undefined): { username?: string; password?: string } {
  if (text === undefined || text === "") return {};
  const colon = text.indexOf(":");
  if (colon === -1) return { username: decode(text) };
  const username = decode(text.slice(0, colon));
  return { ...(username === "" ? {} : { username }), password: decode(text.slice(colon + 1)) };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    throw new PresenceError("PRESENCE_INVALID_OPTION", "the Redis URL has a broken %-escape", { cause });
  }
}

function invalid(reason: string): PresenceError {
  return new PresenceError("PRESENCE_INVALID_OPTION", `the Redis URL ${reason}; examples: ${EXAMPLES}`);
}
