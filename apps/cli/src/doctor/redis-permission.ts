import { parseRedisUrl } from "@presence/core/redis";

/**
 * The permission a Redis user lacks, as `ACL SETUSER` takes it, by the server's own answer; `null` where the answer
 * is of something else. The words are those of Redis 6 and 7.
 */
export function missingPermission(error: unknown, key: string): string | null {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const message = cause instanceof Error ? cause.message : "";
  if (!/NOPERM|ACL failure/.test(message)) return null;
  const command = /the '([\w|]+)' command/.exec(message)?.[1];
  return command === undefined ? `~${key}*` : `+${command}`;
}

/** The command that gives a permission to the user of a URL. */
export function grant(url: string, permission: string): string {
  return `redis-cli ACL SETUSER ${parseRedisUrl(url).username ?? "default"} ${permission}`;
}
