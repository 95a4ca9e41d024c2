/** What must be in no log, each unlike any other text. */
export const SECRETS = {
  redisPassword: "redis-pass-8c1f",
  wrongRedisPassword: "redis-wrong-47ad",
  mongoPassword: "mongo-pass-b20e",
  adminToken: "admin-token-of-at-least-32-characters",
  ingestToken: "ingest-token-of-at-least-32-characters",
  readToken: "read-token-of-at-least-32-characters",
  metricsToken: "metrics-token-of-at-least-32-characters",
  shortToken: "short-token-5e",
  wrongToken: "wrong-token-of-at-least-32-characters",
  IPv4: "203.0.113.77",
  /** The group of four that an address of it begins with. */
  IPv6: "2001:db8:77:77",
} as const;

/** The lines of a log that hold one of the secrets, each with the names of those. */
export function leaks(log: string): readonly string[] {
  return log.split("\n").flatMap((line) => {
    const held = Object.entries(SECRETS).filter(([, text]) => line.includes(text));
    return held.length === 0 ? [] : [`${held.map(([name]) => name).join(", ")}: ${line}`];
  });
}
