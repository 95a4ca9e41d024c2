import { setImmediate as breathe } from "node:timers/promises";
import { KEEP_ALIVE, newsEvent } from "./events.ts";
import { isNewAfter, type News, newsAt } from "./news.ts";
import type { StreamReader } from "./stream-reader.ts";

/** Readers that are written to in one go; between two such slices other requests are answered. */
const SLICE_READERS = 500;

/** Options of {@link createChannelFeed}. */
export interface ChannelFeedOptions {
  /** Reads the channel's news; never rejects. */
  readonly read: () => Promise<News>;
  /** Least time between two events, comments apart, in milliseconds. */
  readonly everyMs: number;
  /** Time between two reads while there is nothing new, in milliseconds. */
  readonly lookMs: number;
  /** Time between two comments, in milliseconds. */
  readonly keepAliveMs: number;
  /** The clock of the counts, in epoch milliseconds. */
  readonly nowMs: () => number;
  /** Any steady clock, in milliseconds. */
  readonly steadyMs: () => number;
}

/** The readers of one channel, told together. It begins with its first reader and is over when it has none left. */
export interface ChannelFeed {
  readonly size: number;
  /** Tells `reader` what is known at once, and what is new from then on. */
  add(reader: StreamReader): void;
  remove(reader: StreamReader): void;
}

/**
 * Reads the news of a channel once for all of its readers and tells them when there is something new. Each event is
 * made once, whatever their number.
 */
export function createChannelFeed(options: ChannelFeedOptions): ChannelFeed {
  const { read, everyMs, lookMs, keepAliveMs, nowMs, steadyMs } = options;
  /** Which edition of the news each reader has; 0 is none yet. */
  const readers = new Map<StreamReader, number>();
  let news: News | null = null;
  let edition = 0;
  let keptAliveMs = steadyMs();
  let timer: NodeJS.Timeout | undefined;
  let hasBegun = false;

  async function turn(): Promise<void> {
    const startedMs = steadyMs();
    let dueMs = startedMs + lookMs;
    const before = news;
    news = await read();
    if (before === null || isNewAfter(before, news)) {
      edition += 1;
      // Nothing may be told before then, so that a look in between would be for nothing.
      dueMs = steadyMs() + everyMs;
      await tellBehind(newsEvent(news));
    }
    if (startedMs - keptAliveMs >= keepAliveMs) {
      keptAliveMs = startedMs;
      await inSlices((reader) => reader.send(KEEP_ALIVE));
    }
    if (readers.size === 0) return;
    timer = setTimeout(() => void turn(), Math.max(0, dueMs - steadyMs()));
  }

  /** Who joins meanwhile has this edition already. */
  function tellBehind(event: Buffer): Promise<void> {
    return inSlices((reader, known) => {
      if (known === edition) return;
      readers.set(reader, edition);
      reader.send(event);
    });
  }

  async function inSlices(write: (reader: StreamReader, known: number) => void): Promise<void> {
    let written = 0;
    for (const [reader, known] of readers) {
      write(reader, known);
      written += 1;
      // One slice after the other is the point.
      // oxlint-disable-next-line no-await-in-loop
      if (written % SLICE_READERS === 0) await breathe();
    }
  }

  return {
    get size() {
      return readers.size;
    },
    add(reader) {
      readers.set(reader, edition);
      if (news !== null) reader.send(newsEvent(newsAt(news, nowMs())));
      if (hasBegun) return;
      hasBegun = true;
      void turn();
    },
    remove(reader) {
      readers.delete(reader);
      if (readers.size === 0) clearTimeout(timer);
    },
  };
}
