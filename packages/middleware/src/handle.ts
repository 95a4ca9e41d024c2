import type { CountOptions, OnlineCount } from "@presence/core";

/** What every `presence()` answers beside what its framework takes. */
export interface PresenceHandle {
  /**
   * How many are online; own sightings that wait are sent ahead. With the store unreachable: the last known
   * value as `stale` while it is younger than the window.
   *
   * @throws {PresenceError} `PRESENCE_INVALID_CHANNEL`, `PRESENCE_INVALID_WINDOW`, `PRESENCE_CLOSED`;
   * `PRESENCE_STORE_UNAVAILABLE` or `PRESENCE_STORE_REFUSED` where no value is known.
   */
  count(options?: CountOptions): Promise<OnlineCount>;
  /** What has become of the requests so far. */
  stats(): PresenceStats;
  /** Sends what waits (2 s at most) and ends what was opened; nobody is counted any more. Idempotent. */
  close(): Promise<void>;
}

/** Numbers since start. */
export interface PresenceStats {
  /** Requests whose visitor was taken. */
  readonly recorded: number;
  /** Requests not counted, and sightings dropped or refused later, by reason. */
  readonly refused: Readonly<Record<string, number>>;
  /** Visitors that wait to be sent. */
  readonly pending: number;
}

/** `take`, which the framework calls, as the handle too. */
export function withHandle<Take extends (...args: never[]) => unknown>(
  take: Take,
  { count, stats, close }: PresenceHandle,
): Take & PresenceHandle {
  return Object.assign(take, { count, stats, close });
}
