import { randomBytes, randomUUID } from "node:crypto";
import { type Clock, systemClock } from "../clock.ts";
import { PresenceError } from "../errors.ts";
import type { ListReadOptions, PresenceStore, RecordWriteOptions } from "../store.ts";
import type { ChannelSightings, ListedVisitor, OnlineBounds, RegisteredWriter } from "../types.ts";
import { comparePosition, isAfter } from "../order.ts";
import { createMemoryJobBoard } from "../jobs.ts";
import { createMemoryUniques } from "../uniques/memory-uniques.ts";
import { isWriterAlive, nextSince } from "../writers.ts";

/** Keys of hashed identity that are kept: yesterday's, today's and tomorrow's. */
const IDENTITY_KEYS_KEPT = 3;

/** Options of {@link createMemoryStore}. */
export interface MemoryStoreOptions {
  /** @default this machine's clock */
  readonly clock?: Clock;
}

interface Channel {
  readonly lastSeen: Map<string, number>;
  lastWriteMs: number;
  expiresAtMs: number;
}

/**
 * Keeps sightings in this process: for one small site and for tests. The count starts again with the process.
 * Costs: a count reads all members of the channel, a list sorts those online.
 */
export function createMemoryStore(options: MemoryStoreOptions = {}): PresenceStore {
  const clock = options.clock ?? systemClock;
  // Carried by the monotonic clock from here on, so that a machine whose clock is set back does not go back.
  const originMs = clock.wallMs() - clock.monotonicMs();
  const nowMs = (): number => Math.trunc(originMs + clock.monotonicMs());

  const channels = new Map<string, Channel>();
  const writers = new Map<string, RegisteredWriter>();
  const uniques = createMemoryUniques();
  const identityKeys = new Map<string, Uint8Array>();
  let state: { epoch: string; sinceMs: number; expiresAtMs: number } | null = null;
  let isClosed = false;

  // What a server would drop by its time to live is dropped when looked for.
  const liveState = (): typeof state => (state !== null && state.expiresAtMs > nowMs() ? state : null);
  const find = (name: string): Channel | undefined => {
    if (isClosed) throw new PresenceError("PRESENCE_CLOSED", "the store is closed");
    const channel = channels.get(name);
    if (channel === undefined || channel.expiresAtMs > nowMs()) return channel;
    channels.delete(name);
    return undefined;
  };

  const recordChannel = (
    name: string,
    sightings: ChannelSightings,
    { ttlSeconds, nowMs: at }: RecordWriteOptions,
  ) => {
    const channel = find(name) ?? { lastSeen: new Map<string, number>(), lastWriteMs: 0, expiresAtMs: 0 };
    for (const [visitor, atMs] of sightings) {
      const known = channel.lastSeen.get(visitor);
      if (known === undefined || known < atMs) channel.lastSeen.set(visitor, atMs);
    }
    channel.lastWriteMs = Math.max(channel.lastWriteMs, at);
    channel.expiresAtMs = nowMs() + ttlSeconds * 1_000;
    if (channel.lastSeen.size > 0) channels.set(name, channel);
  };

  return {
    name: "memory",
    shards: 1,
    nowMs,
    clock: () => ({ offsetMs: nowMs() - clock.wallMs(), settled: true, roundTripMs: 0 }),
    isReady: () => !isClosed,

    jobs: createMemoryJobBoard(),

    async record(sightings, writeOptions) {
      for (const [name, ofChannel] of sightings) {
        recordChannel(name, ofChannel, writeOptions);
        const day = writeOptions.uniques?.get(name);
        if (day !== undefined) uniques.add(name, day, ofChannel.keys());
      }
      for (const [name, formers] of writeOptions.replaced ?? []) {
        for (const former of formers) find(name)?.lastSeen.delete(former);
      }
      return { epoch: liveState()?.epoch ?? null };
    },

    async count(name, bounds) {
      let count = 0;
      for (const atMs of find(name)?.lastSeen.values() ?? []) if (isWithin(atMs, bounds)) count += 1;
      const isRecording = [...writers.values()].some((writer) => isWriterAlive(writer.seenMs, nowMs()));
      return { count, sinceMs: isRecording ? (liveState()?.sinceMs ?? null) : null };
    },

    async list(name, bounds, { order, limit, after }: ListReadOptions) {
      const online: ListedVisitor[] = [];
      for (const [visitor, lastSeenMs] of find(name)?.lastSeen ?? []) {
        if (isWithin(lastSeenMs, bounds)) online.push({ visitor, lastSeenMs });
      }
      online.sort(comparePosition(order));
      const first = after === null ? 0 : online.findIndex((entry) => isAfter(entry, after, order));
      return first === -1 ? [] : online.slice(first, first + limit);
    },

    async pruneBatch(name, bounds, { limit, dryRun = false }) {
      const channel = find(name);
      const outside = [...(channel?.lastSeen ?? [])].filter(([, atMs]) => !isWithin(atMs, bounds));
      const isInvalid = ([, atMs]: readonly [string, number]): boolean => atMs > bounds.untilMs;
      if (channel === undefined || dryRun) {
        const found = outside.length;
        return { removed: found, invalid: outside.filter(isInvalid).length, remaining: found };
      }
      outside.sort(([, a], [, b]) => a - b);
      const gone = outside.slice(0, limit);
      for (const [visitor] of gone) channel.lastSeen.delete(visitor);
      if (channel.lastSeen.size === 0) channels.delete(name);
      return {
        removed: gone.length,
        invalid: gone.filter(isInvalid).length,
        remaining: outside.length - gone.length,
      };
    },

    async forget(name, visitors) {
      const channel = find(name);
      let forgotten = 0;
      for (const visitor of visitors) if (channel?.lastSeen.delete(visitor) === true) forgotten += 1;
      if (channel?.lastSeen.size === 0) channels.delete(name);
      return forgotten;
    },

    async channels(sinceMs, limit) {
      return [...channels.keys()]
        .flatMap((name) => {
          const found = find(name);
          return found === undefined ? [] : [{ channel: name, lastWriteMs: found.lastWriteMs }];
        })
        .filter((found) => found.lastWriteMs > sinceMs)
        .toSorted((a, b) => b.lastWriteMs - a.lastWriteMs || (a.channel < b.channel ? -1 : 1))
        .slice(0, limit);
    },

    async uniques(name, days) {
      return days.map((day) => uniques.count(name, day));
    },

    async identityKey(day) {
      const key = identityKeys.get(day) ?? randomBytes(32);
      identityKeys.set(day, key);
      for (const known of identityKeys.keys()) {
        if (identityKeys.size <= IDENTITY_KEYS_KEPT) break;
        identityKeys.delete(known);
      }
      return key;
    },

    async state() {
      const current = liveState();
      return current === null
        ? null
        : { epoch: current.epoch, sinceMs: current.sinceMs, writers: [...writers.values()] };
    },

    async register({ id, ...profile }, { nowMs: at, ttlSeconds, gap = false }) {
      if (isClosed) throw new PresenceError("PRESENCE_CLOSED", "the store is closed");
      const current = liveState();
      const sinceMs = nextSince({
        sinceMs: current?.sinceMs ?? null,
        writers: [...writers.values()],
        id,
        nowMs: at,
        gap,
      });
      writers.set(id, { ...profile, id, seenMs: at });
      state = { epoch: current?.epoch ?? randomUUID(), sinceMs, expiresAtMs: nowMs() + ttlSeconds * 1_000 };
      return { epoch: state.epoch, sinceMs, writers: [...writers.values()] };
    },

    async unregister(writerId) {
      writers.delete(writerId);
    },

    async close() {
      isClosed = true;
      channels.clear();
      writers.clear();
    },
  };
}

function isWithin(atMs: number, { afterMs, untilMs }: OnlineBounds): boolean {
  return atMs > afterMs && atMs <= untilMs;
}
