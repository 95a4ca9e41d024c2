import type { PresenceStore } from "../store.ts";
import type { ChannelSightings } from "../types.ts";
import type { RedisClient } from "./connect.ts";
import type { RedisKeys } from "./keys.ts";
import type { LayoutTracker } from "./layout.ts";
import { type ScoredMembers, settle, spread, spreadTexts } from "./members.ts";
import type { RedisLink } from "./redis-link.ts";
import { touchScript } from "./scripts.generated.ts";
import { addUniques } from "./uniques.ts";

/** Most members one command carries. */
const MEMBERS_PER_COMMAND = 1_000;

/** How often a channel's last write is noted, at most, in milliseconds. */
const INDEX_EVERY_MS = 1_000;

/** What {@link createRecording} is made of. */
export interface RecordingOptions {
  readonly link: RedisLink;
  readonly keys: RedisKeys;
  readonly layout: LayoutTracker;
}

/** Writes sightings, and notes which channels were written to. */
export interface Recording {
  readonly record: PresenceStore["record"];
  /** The channel is to be noted again with its next write. */
  forgetNote(channel: string): void;
}

export function createRecording({ link, keys, layout }: RecordingOptions): Recording {
  const notedMs = new Map<string, number>();
  let notedEpoch: string | null = null;

  function write(
    redis: RedisClient,
    set: string,
    members: ScoredMembers,
    ttlSeconds: number,
  ): Promise<unknown>[] {
    const [score = 0, member = "", ...rest] = members;
    const sent: Promise<unknown>[] = [link.evaluate(touchScript, [set], [ttlSeconds, score, member])];
    const step = 2 * MEMBERS_PER_COMMAND;
    for (let i = 0; i < rest.length; i += step) sent.push(redis.zadd(set, "GT", ...rest.slice(i, i + step)));
    return sent;
  }

  function writeSets(
    redis: RedisClient,
    sets: readonly string[],
    sightings: ChannelSightings,
    replaced: Iterable<string>,
    ttlSeconds: number,
  ): Promise<unknown>[] {
    const sent: Promise<unknown>[] = [];
    for (const [set, members] of spread(sets, sightings))
      sent.push(...write(redis, set, members, ttlSeconds));
    // Right behind the new texts, on the same connection: no reader of this process sees both.
    for (const [set, texts] of spreadTexts(sets, replaced)) sent.push(redis.zrem(set, ...texts));
    return sent;
  }

  /** Which of these channels have not been noted for a second. */
  function dueForNote(channels: Iterable<string>, nowMs: number): readonly string[] {
    return [...channels].filter((channel) => nowMs - (notedMs.get(channel) ?? -Infinity) >= INDEX_EVERY_MS);
  }

  function noted(channels: readonly string[], nowMs: number, epoch: string | null): void {
    // Another epoch has lost the notes. Forgetting them costs one write per channel; remembering them without end
    // would cost memory.
    if (epoch !== notedEpoch || notedMs.size > 10_000) notedMs.clear();
    notedEpoch = epoch;
    for (const channel of channels) notedMs.set(channel, nowMs);
  }

  return {
    forgetNote: (channel) => void notedMs.delete(channel),

    record: (sightings, { nowMs, ttlSeconds, replaced, uniques }) =>
      link.ask(
        async (redis) => {
          const sent: Promise<unknown>[] = [];
          for (const [channel, ofChannel] of sightings) {
            const day = uniques?.get(channel);
            if (day !== undefined)
              sent.push(...addUniques(redis, keys.uniques(channel, day), ofChannel.keys()));
          }
          const due = dueForNote(sightings.keys(), nowMs);
          const notes = due.flatMap((channel) => [nowMs / 1_000, channel]);
          if (notes.length > 0) sent.push(...write(redis, keys.channels, notes, ttlSeconds));
          for (;;) {
            for (const { channel: setsOf } of layout.keysAt(nowMs)) {
              for (const [channel, ofChannel] of sightings) {
                const formers = replaced?.get(channel) ?? [];
                sent.push(...writeSets(redis, setsOf(channel), ofChannel, formers, ttlSeconds));
              }
            }
            const state = redis.hmget(keys.state, "epoch", "layout");
            await settle([...sent.splice(0), state]);
            const [epoch = null, text] = await state;
            // The shards have changed since this process last heard: what it wrote belongs elsewhere as well.
            if (layout.see(text)) continue;
            noted(due, nowMs, epoch);
            return { epoch };
          }
        },
        [...sightings.values()].some(({ size }) => size > MEMBERS_PER_COMMAND),
      ),
  };
}
