import type { ChannelRefusal } from "./channel-policy.ts";
import { withDeadline } from "./deadline.ts";
import type {
  ListOptions,
  Presence,
  PresenceOptions,
  RecordOptions,
  RefusalReason,
} from "./presence-types.ts";
import { readOptions } from "./presence-options.ts";
import { pruneChannel } from "./pruner.ts";
import { createCountReader } from "./reader.ts";
import { createRecorder } from "./recorder.ts";
import { createRegistration } from "./registration.ts";
import { createStoreCount } from "./store-count.ts";
import { createStoreSink } from "./store-sink.ts";
import type { OnlineCount, VisitorPage } from "./types.ts";
import {
  assertChannel,
  assertLimit,
  assertStoredVisitor,
  assertWindow,
  DEFAULT_CHANNEL,
  BOTS_PREFIX,
  isChannelName,
  isReservedChannel,
  isVisitor,
} from "./validate.ts";
import { FUTURE_TOLERANCE_MS, onlineBounds } from "./window.ts";

/** Longest an orderly end waits for the last sightings to reach the store, in milliseconds. */
const CLOSE_FLUSH_MS = 2_000;

/**
 * Who is online right now, over one store.
 *
 * @example
 * const presence = createPresence({ store: createMemoryStore() });
 * presence.record("203.0.113.9");
 * const { count, windowSeconds } = await presence.count();
 *
 * @throws {PresenceError} `PRESENCE_INVALID_WINDOW` or `PRESENCE_INVALID_OPTION` for an option out of bounds.
 */
export function createPresence(options: PresenceOptions): Presence {
  const settings = readOptions(options);
  const { store, windowSeconds, keyTtlSeconds, channels, onEvent } = settings;
  const windowMs = windowSeconds * 1_000;
  const refused: Record<RefusalReason, number> = {
    visitor: 0,
    channel: 0,
    "channel-not-allowed": 0,
    "too-many-channels": 0,
    time: 0,
    future: 0,
    expired: 0,
    full: 0,
    closed: 0,
  };
  let recorded = 0;
  let closing: Promise<void> | null = null;

  const recorder = createRecorder({
    ...options,
    windowSeconds,
    sink: createStoreSink(settings),
    onEpoch: (epoch) => registration.seeEpoch(epoch),
  });
  const reader = createCountReader({
    ask: createStoreCount({ ...settings, recorder }),
    hasWaiting: (channel) => recorder.hasWaiting(channel),
    nowMs: () => store.nowMs(),
    shareReadsMs: settings.shareReadsMs,
  });
  const registration = createRegistration({
    store,
    recorder,
    writer: settings.writer,
    keyTtlSeconds,
    onEvent,
  });

  function take(visitor: string, sighting: RecordOptions): RefusalReason | null {
    const { channel = DEFAULT_CHANNEL, atMs, isBot = false, replaces } = sighting;
    if (closing !== null) return "closed";
    if (!isVisitor(visitor)) return "visitor";
    const nowMs = store.nowMs();
    const refusal = admit(channel, nowMs);
    if (refusal !== null) return refusal;
    const seenMs = atMs ?? nowMs;
    if (!Number.isFinite(seenMs)) return "time";
    if (seenMs > nowMs + FUTURE_TOLERANCE_MS) return "future";
    if (seenMs <= nowMs - windowMs) return "expired";
    registration.start();
    // Whole milliseconds are what the store keeps.
    return recorder.add(isBot ? BOTS_PREFIX + channel : channel, visitor, Math.trunc(seenMs), replaces);
  }

  function admit(channel: string, nowMs: number): ChannelRefusal | null {
    if (channels !== null) return channels.admit(channel, nowMs);
    if (channel === DEFAULT_CHANNEL) return null;
    if (!isChannelName(channel)) return "channel";
    return isReservedChannel(channel) ? "channel-not-allowed" : null;
  }

  async function countWithBots(channel: string, seconds: number): Promise<OnlineCount> {
    const [people, bots] = await Promise.all([
      reader.count(channel, seconds),
      reader.count(BOTS_PREFIX + channel, seconds),
    ]);
    const stale = people.stale || bots.stale;
    return { ...people, stale, complete: people.complete && bots.complete, bots: bots.count };
  }

  return {
    windowSeconds,
    store,
    writer: settings.writer,
    start: () => registration.start(),

    record(visitor, recordOptions = {}) {
      const reason = take(visitor, recordOptions);
      if (reason === null) recorded += 1;
      else if (reason !== "full") refused[reason] += 1;
      return reason;
    },

    write: (sightings, replaced = new Map()) => recorder.write(sightings, replaced),

    async count({ channel = DEFAULT_CHANNEL, windowSeconds: asked = windowSeconds, withBots = false } = {}) {
      assertChannel(channel);
      assertWindow(asked, windowSeconds);
      return withBots ? countWithBots(channel, asked) : reader.count(channel, asked);
    },

    async list({
      channel = DEFAULT_CHANNEL,
      windowSeconds: asked = windowSeconds,
      limit = 50,
      order = "recent",
      after = null,
    }: ListOptions = {}): Promise<VisitorPage> {
      assertChannel(channel);
      assertWindow(asked, windowSeconds);
      assertLimit(limit);
      const asOfMs = store.nowMs();
      const written = recorder.flushChannel(channel);
      // One more than asked for tells whether there is a next page.
      const reading = store.list(channel, onlineBounds(asOfMs, asked), { order, limit: limit + 1, after });
      const [, found] = await withDeadline(
        Promise.all([written, reading]),
        settings.listTimeoutMs,
        "listing",
      );
      const visitors = found.slice(0, limit);
      const last = visitors.at(-1);
      return { asOfMs, visitors, next: found.length > limit && last !== undefined ? last : null };
    },

    async prune({ channel = DEFAULT_CHANNEL, ...pruneOptions } = {}) {
      assertChannel(channel);
      return pruneChannel(store, channel, windowSeconds, pruneOptions);
    },

    async forget(visitors, { channel = DEFAULT_CHANNEL } = {}) {
      assertChannel(channel);
      for (const visitor of visitors) assertStoredVisitor(visitor);
      // What waits of them would bring them back, and so would what is sent again to a store that lost its data.
      await recorder.flushChannel(channel, visitors);
      recorder.keepNone(channel, visitors);
      const forgotten = await store.forget(channel, visitors);
      recorder.forget(channel, visitors);
      return forgotten;
    },

    isHealthy: () => store.isReady() && !recorder.isFailing() && !registration.isFailing(),
    flush: () => recorder.flush(),

    stats() {
      const { coalesced, flushed, failedFlushes, pending, full, expired } = recorder.counters();
      return {
        recorded,
        coalesced,
        flushed,
        failedFlushes,
        pending,
        refused: { ...refused, full, expired: refused.expired + expired },
      };
    },

    close() {
      closing ??= (async () => {
        await withDeadline(recorder.flush(), CLOSE_FLUSH_MS, "the last flush").catch(() => {});
        recorder.stop();
        await withDeadline(registration.stop(), CLOSE_FLUSH_MS, "unregistering").catch(() => {});
      })();
      return closing;
    },
  };
}
