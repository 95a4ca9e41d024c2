import type { PresenceStore } from "./store.ts";
import type { LiveChannel } from "./types.ts";
import { BOTS_PREFIX, DEFAULT_CHANNEL, isReservedChannel } from "./validate.ts";
import { onlineBounds } from "./window.ts";

/** How many channels are counted at a time. */
const AT_A_TIME = 500;

/** Options of {@link countChannels}. */
export interface CountChannelsOptions {
  readonly windowSeconds: number;
  /** A channel nobody wrote to for this long is not live, in milliseconds. */
  readonly liveMs: number;
  /** Most live channels that are looked at, those written to last. @default 10000 */
  readonly max?: number;
  /** Which of them are counted. @default all */
  readonly isWanted?: (channel: string) => boolean;
}

/** A live channel and who is online in it. */
export interface ChannelCount extends LiveChannel {
  readonly count: number;
  /** Bots online in it; `null` where nobody counts them apart. */
  readonly bots: number | null;
}

/** The live channels of a store, as of one instant. */
export interface ChannelCounts {
  readonly asOfMs: number;
  readonly windowSeconds: number;
  /** Recording ran without a gap for the whole window: no count is too low. */
  readonly complete: boolean;
  /** The fullest first, by name among equals. */
  readonly channels: readonly ChannelCount[];
}

/**
 * Counts each live channel, with its bots where they have a channel of their own.
 *
 * @throws {PresenceError} `PRESENCE_STORE_UNAVAILABLE` or `PRESENCE_STORE_REFUSED`; never a stale number.
 */
export async function countChannels(
  store: PresenceStore,
  options: CountChannelsOptions,
): Promise<ChannelCounts> {
  const { windowSeconds, liveMs, max = 10_000, isWanted = () => true } = options;
  const asOfMs = store.nowMs();
  const bounds = onlineBounds(asOfMs, windowSeconds);
  // A channel and its bots are two names in the index.
  const live = await store.channels(asOfMs - liveMs, 2 * max);
  const known = joinBots([...live, ...(await unlisted(store, live))]);
  let isRecorded = true;

  async function countOf(channel: string): Promise<number> {
    const { count, sinceMs } = await store.count(channel, bounds);
    isRecorded &&= sinceMs !== null && sinceMs <= bounds.afterMs;
    return count;
  }

  async function describe({ channel, lastWriteMs, hasBots }: KnownChannel): Promise<ChannelCount> {
    const [count, bots] = await Promise.all([
      countOf(channel),
      hasBots ? countOf(BOTS_PREFIX + channel) : null,
    ]);
    return { channel, lastWriteMs, count, bots };
  }

  // Of what is true of the store at all, one answer tells, though no channel were live.
  await countOf(DEFAULT_CHANNEL);
  const wanted = known.filter(({ channel }) => isWanted(channel)).slice(0, max);
  const channels: ChannelCount[] = [];
  for (let at = 0; at < wanted.length; at += AT_A_TIME)
    channels.push(...(await Promise.all(wanted.slice(at, at + AT_A_TIME).map(describe))));
  return {
    asOfMs,
    windowSeconds,
    complete: isRecorded && store.clock().settled,
    channels: channels.toSorted(fullestFirst),
  };
}

interface KnownChannel extends LiveChannel {
  readonly hasBots: boolean;
}

/** Each channel once, though bots alone may have been seen in it. */
function joinBots(live: readonly LiveChannel[]): readonly KnownChannel[] {
  const known = new Map<string, KnownChannel>();
  for (const { channel: name, lastWriteMs } of live) {
    const isOfBots = isReservedChannel(name);
    const channel = isOfBots ? name.slice(BOTS_PREFIX.length) : name;
    const found = known.get(channel);
    known.set(channel, {
      channel,
      lastWriteMs: Math.max(lastWriteMs, found?.lastWriteMs ?? 0),
      hasBots: isOfBots || found?.hasBots === true,
    });
  }
  return [...known.values()];
}

/** The site where only programs that note no channel write to it, such as one that sends plain `ZADD`. */
async function unlisted(store: PresenceStore, live: readonly LiveChannel[]): Promise<readonly LiveChannel[]> {
  if (live.some(({ channel }) => channel === DEFAULT_CHANNEL)) return [];
  const everybody = { afterMs: 0, untilMs: store.nowMs() };
  const [latest] = await store.list(DEFAULT_CHANNEL, everybody, { order: "recent", limit: 1, after: null });
  return latest === undefined ? [] : [{ channel: DEFAULT_CHANNEL, lastWriteMs: latest.lastSeenMs }];
}

function fullestFirst(a: ChannelCount, b: ChannelCount): number {
  return b.count - a.count || (a.channel < b.channel ? -1 : 1);
}
