import { createChannelPolicy, isChannelName, PresenceError } from "@presence/core";
import { parseRedisUrl } from "@presence/core/redis";

/** Least characters of a token: 32 of them hold 128 bits even where each is one of sixteen. */
export const MIN_TOKEN_CHARACTERS = 32;

/** What is wrong with a token, or `null`. The token itself is in no answer. */
export function tokenProblem(token: string): string | null {
  if (!/^[\x21-\x7e]+$/.test(token)) return "must hold tokens of printable ASCII without spaces";
  return token.length < MIN_TOKEN_CHARACTERS
    ? `must hold tokens of at least ${MIN_TOKEN_CHARACTERS} characters (one has ${token.length})`
    : null;
}

/** What is wrong with a Redis URL, or `null`. The URL itself is in no answer: it may hold a password. */
export function redisUrlProblem(url: string): string | null {
  return presenceProblem(() => parseRedisUrl(url));
}

/** What is wrong with a channel's name or prefix pattern (`page:*`), or `null`. */
export function channelPatternProblem(pattern: string): string | null {
  return presenceProblem(() => createChannelPolicy({ allowed: [pattern], liveMs: 1 }));
}

/** What is wrong with the name of a channel, or `null`. */
export function channelProblem(channel: string): string | null {
  return isChannelName(channel) ? null : `has ${JSON.stringify(channel)}, which is no channel`;
}

/** What is wrong with a MongoDB URL, or `null`. The URL itself is in no answer: it may hold a password. */
export function mongodbUrlProblem(url: string): string | null {
  return /^mongodb(?:\+srv)?:\/\/[^\s/]+(?:\/\S*)?$/.test(url)
    ? null
    : "must be a URL that begins with mongodb:// or mongodb+srv://";
}

/** What is wrong with the address people reach a server by, or `null`: `https://host`, without a path. */
export function originProblem(text: string): string | null {
  return /^https?:\/\/[^/?#@\s]+\/?$/i.test(text) && URL.canParse(text)
    ? null
    : `has ${JSON.stringify(text)}, which is no origin: http:// or https://, a host, a port if any, nothing behind it`;
}

/** What is wrong with a time zone, or `null`. */
export function timeZoneProblem(name: string): string | null {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone === ""
      ? "must be a time zone"
      : null;
  } catch (error) {
    if (error instanceof RangeError) return "must be a time zone that this Node knows";
    throw error;
  }
}

/** What is wrong with the prefix of the keys, or `null`. */
export function keyProblem(key: string): string | null {
  return /^[A-Za-z0-9_.:-]{1,64}$/.test(key) ? null : "must be 1 to 64 of A-Z a-z 0-9 _ . : -";
}

/** What the code that will use a value says against it, or `null`. */
function presenceProblem(use: () => unknown): string | null {
  try {
    use();
    return null;
  } catch (error) {
    if (error instanceof PresenceError) return `cannot be used: ${error.message}`;
    throw error;
  }
}
