import { PresenceError, type PresenceErrorCode } from "./errors.ts";
import { MAX_WINDOW_SECONDS } from "./window.ts";

/** The channel that is meant where none is named. */
export const DEFAULT_CHANNEL = "site";

/** Channels that begin with this hold the bots of another; only Presence itself writes to them. */
export const BOTS_PREFIX = "bots:";

/** Most visitors of one list page, of one forget and of one prune batch. */
export const MAX_BATCH = 1_000;

/** Longest text of a visitor that can be removed, in characters: other writers' may be longer than ours. */
const STORED_VISITOR_MAX = 1_024;

const VISITOR = /^[\x21-\x7e]{1,64}$/;
const CHANNEL = /^[a-z0-9][a-z0-9_.~/:%-]{0,127}$/;

/** Whether `text` can be a visitor: 1 to 64 bytes of printable ASCII without spaces. */
export function isVisitor(text: string): boolean {
  return VISITOR.test(text);
}

/** Whether `text` can be a channel's name, the reserved `bots:` ones included. */
export function isChannelName(text: string): boolean {
  return CHANNEL.test(text);
}

/** Whether `channel` is one of the reserved `bots:` channels. */
export function isReservedChannel(channel: string): boolean {
  return channel.startsWith(BOTS_PREFIX);
}

/** @throws {PresenceError} `PRESENCE_INVALID_CHANNEL` */
export function assertChannel(channel: string): void {
  if (!isChannelName(channel)) {
    throw new PresenceError(
      "PRESENCE_INVALID_CHANNEL",
      "channel must be 1 to 128 of a-z 0-9 _ . ~ / : % - and begin with a letter or digit",
    );
  }
}

/**
 * Takes any text a store may hold: what another writer left can be removed whatever it looks like.
 *
 * @throws {PresenceError} `PRESENCE_INVALID_VISITOR`
 */
export function assertStoredVisitor(visitor: string): void {
  if (visitor.length === 0 || visitor.length > STORED_VISITOR_MAX) {
    throw new PresenceError(
      "PRESENCE_INVALID_VISITOR",
      `visitor must be 1 to ${STORED_VISITOR_MAX} characters, as the list shows it`,
    );
  }
}

/** @throws {PresenceError} `PRESENCE_INVALID_WINDOW` unless a whole number from 1 to `maxSeconds`. */
export function assertWindow(windowSeconds: number, maxSeconds: number = MAX_WINDOW_SECONDS): void {
  assertWhole("PRESENCE_INVALID_WINDOW", "window", windowSeconds, 1, maxSeconds, "seconds");
}

/** @throws {PresenceError} `PRESENCE_INVALID_LIMIT` unless a whole number from 1 to 1,000. */
export function assertLimit(limit: number, name: string = "limit"): void {
  assertWhole("PRESENCE_INVALID_LIMIT", name, limit, 1, MAX_BATCH);
}

/** @throws {PresenceError} `code` unless `value` is a whole number from `min` to `max`, both included. */
export function assertWhole(
  code: PresenceErrorCode,
  name: string,
  value: number,
  min: number,
  max: number,
  unit: string = "",
): void {
  if (!Number.isInteger(value) || value < min || value > max) {
    const range = `a whole number from ${min} to ${max}${unit === "" ? "" : ` ${unit}`}`;
    throw new PresenceError(code, `${name} must be ${range}, not ${String(value)}`);
  }
}
