import { PresenceError } from "./errors.ts";
import { DEFAULT_CHANNEL, isChannelName, isReservedChannel } from "./validate.ts";

/** Options of {@link createChannelPolicy}. */
export interface ChannelPolicyOptions {
  /** Names and prefix patterns (`page:*`) that may be recorded to. @default ["site"] */
  readonly allowed?: readonly string[];
  /** Most channels that may be live at a time, 1 to 1,000,000. @default 10000 */
  readonly max?: number;
  /** A channel nobody recorded to for this long is no longer live, in milliseconds. */
  readonly liveMs: number;
}

/** Why a channel is not recorded to. */
export type ChannelRefusal = "channel" | "channel-not-allowed" | "too-many-channels";

/** Which channels exist: so that nobody from outside can make keys at will. */
export interface ChannelPolicy {
  /** Whether `channel` may be asked for or recorded to, apart from how many are live. */
  allows(channel: string): boolean;
  /** Takes note of a sighting of `channel` at `nowMs`; `null`, or why it is refused. */
  admit(channel: string, nowMs: number): ChannelRefusal | null;
  /** Takes in channels that other processes made live. */
  learn(channels: readonly { readonly channel: string; readonly lastWriteMs: number }[]): void;
  readonly max: number;
}

/**
 * A policy over exact names and `prefix:*` patterns.
 *
 * @throws {PresenceError} `PRESENCE_INVALID_OPTION` for a pattern that could never match, or a `bots:` one.
 */
export function createChannelPolicy(options: ChannelPolicyOptions): ChannelPolicy {
  const { allowed = [DEFAULT_CHANNEL], max = 10_000, liveMs } = options;
  const names = new Set<string>();
  const prefixes: string[] = [];
  for (const pattern of allowed) {
    const prefix = pattern.endsWith("*") ? pattern.slice(0, -1) : null;
    if (!isChannelName(prefix ?? pattern) || isReservedChannel(pattern)) {
      throw new PresenceError(
        "PRESENCE_INVALID_OPTION",
        `${JSON.stringify(pattern)} is no channel: name one (site) or a prefix (page:*); bots: is reserved`,
      );
    }
    if (prefix === null) names.add(pattern);
    else prefixes.push(prefix);
  }
  const live = new Map<string, number>();
  let nextDeathMs = -Infinity;

  function hasRoom(nowMs: number): boolean {
    // Nobody goes quiet before then: whoever asks for channel after channel costs one comparison each.
    if (live.size < max || nowMs <= nextDeathMs) return live.size < max;
    let oldestMs = Infinity;
    for (const [channel, seenMs] of live) {
      if (nowMs - seenMs > liveMs) live.delete(channel);
      else oldestMs = Math.min(oldestMs, seenMs);
    }
    nextDeathMs = oldestMs + liveMs;
    return live.size < max;
  }

  const allows = (channel: string): boolean =>
    names.has(channel) || (isChannelName(channel) && prefixes.some((prefix) => channel.startsWith(prefix)));

  return {
    max,
    allows,
    admit(channel, nowMs) {
      if (!live.has(channel)) {
        if (!isChannelName(channel)) return "channel";
        if (!allows(channel)) return "channel-not-allowed";
        if (!hasRoom(nowMs)) return "too-many-channels";
      }
      live.set(channel, nowMs);
      return null;
    },
    learn(channels) {
      nextDeathMs = -Infinity;
      for (const { channel, lastWriteMs } of channels) {
        if (isReservedChannel(channel) || (live.size >= max && !live.has(channel))) continue;
        live.set(channel, Math.max(lastWriteMs, live.get(channel) ?? 0));
      }
    },
  };
}
