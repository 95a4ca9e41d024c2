import type { OnlineCount } from "./types.ts";

/** {@link OnlineCount} as every surface says it: instants as ISO 8601 UTC. */
export interface OnlineCountJson {
  readonly channel: string;
  readonly count: number;
  readonly windowSeconds: number;
  readonly asOf: string;
  readonly since: string | null;
  readonly complete: boolean;
  readonly stale: boolean;
  readonly ageMs: number;
  readonly bots?: number;
}

/** An instant in epoch milliseconds as ISO 8601 UTC, to the millisecond. */
export function isoTime(atMs: number): string {
  return new Date(atMs).toISOString();
}

/** The answer of `/v1/online`, of the stream, of `presence-cli count --format json`. */
export function onlineCountJson(count: OnlineCount): OnlineCountJson {
  const { channel, windowSeconds, asOfMs, sinceMs, complete, stale, ageMs, bots } = count;
  return {
    channel,
    count: count.count,
    windowSeconds,
    asOf: isoTime(asOfMs),
    since: sinceMs === null ? null : isoTime(sinceMs),
    complete,
    stale,
    ageMs,
    ...(bots === undefined ? {} : { bots }),
  };
}
