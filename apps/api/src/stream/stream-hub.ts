import { refuse } from "../http/problem.ts";
import { type ChannelFeed, createChannelFeed } from "./channel-feed.ts";
import type { News, NewsReader } from "./news.ts";
import { createStreamReader, type StreamReader, type StreamResponse } from "./stream-reader.ts";

/** Options of {@link createStreamHub}. */
export interface StreamHubOptions {
  readonly readNews: NewsReader;
  /** Most streams of this process. */
  readonly max: number;
  /** Most streams of one client. */
  readonly maxPerClient: number;
  /** The clock of the counts, in epoch milliseconds. */
  readonly nowMs: () => number;
  /** Any steady clock, in milliseconds. */
  readonly steadyMs: () => number;
  /** Least time between two events of a channel, in milliseconds. @default 1000 */
  readonly everyMs?: number;
  /** Time between two looks at a channel while nothing changes, in milliseconds. @default 500 */
  readonly lookMs?: number;
  /** Time between two comments, in milliseconds. @default 15000 */
  readonly keepAliveMs?: number;
}

/** Whose stream it is, and of what. */
export interface StreamRequest {
  readonly channel: string;
  /** Who is limited to some streams: an address or its group. */
  readonly client: string;
}

/** What the streams of this process come to. */
export interface StreamStats {
  readonly open: number;
  readonly channels: number;
  /** Readers that were ended because they did not keep up. */
  readonly slow: number;
  /** Requests refused for the limit of the client or of the process. */
  readonly refused: number;
}

/** Every open stream of this process. */
export interface StreamHub {
  /** @throws {ProblemError} 429 `PRESENCE_TOO_MANY_STREAMS`, 503 `PRESENCE_STREAMS_FULL` or `PRESENCE_CLOSED`. */
  assertRoom(client: string): void;
  /** Follows a channel on `response`, whose head is sent, until either side ends it. */
  open(response: StreamResponse, request: StreamRequest): void;
  stats(): StreamStats;
  /** Ends every stream and takes no new one. Idempotent. */
  close(): void;
}

const EVERY_MS = 1_000;
const LOOK_MS = 500;
const KEEP_ALIVE_MS = 15_000;
/** Whoever is refused asks for the number itself meanwhile. */
const RETRY_AFTER = { headers: { "Retry-After": "10" } };

/** Streams of counts: one feed for each channel that is followed. */
export function createStreamHub(options: StreamHubOptions): StreamHub {
  const { readNews, max, maxPerClient, nowMs, steadyMs } = options;
  const { everyMs = EVERY_MS, lookMs = LOOK_MS, keepAliveMs = KEEP_ALIVE_MS } = options;
  const feeds = new Map<string, ChannelFeed>();
  const readers = new Set<StreamReader>();
  const openByClient = new Map<string, number>();
  let isClosed = false;
  let slow = 0;
  let refused = 0;

  function feedOf(channel: string): ChannelFeed {
    const known = feeds.get(channel);
    if (known !== undefined) return known;
    const read = (): Promise<News> => readNews(channel);
    const feed = createChannelFeed({ read, everyMs, lookMs, keepAliveMs, nowMs, steadyMs });
    feeds.set(channel, feed);
    return feed;
  }

  function leave(channel: string, feed: ChannelFeed, reader: StreamReader): void {
    feed.remove(reader);
    if (feed.size === 0 && feeds.get(channel) === feed) feeds.delete(channel);
  }

  function addOpen(client: string, more: number): void {
    const open = (openByClient.get(client) ?? 0) + more;
    if (open === 0) openByClient.delete(client);
    else openByClient.set(client, open);
  }

  return {
    assertRoom(client) {
      if (isClosed) throw refuse("PRESENCE_CLOSED", "The server is shutting down.", RETRY_AFTER);
      const isClientFull = (openByClient.get(client) ?? 0) >= maxPerClient;
      if (!isClientFull && readers.size < max) return;
      refused += 1;
      if (isClientFull) {
        const detail = `Your address has ${maxPerClient} streams open, as many as PRESENCE_STREAMS_PER_CLIENT allows.`;
        throw refuse("PRESENCE_TOO_MANY_STREAMS", detail, RETRY_AFTER);
      }
      const detail = `All ${max} streams of this server are taken: PRESENCE_STREAMS_MAX. Ask /v1/online each few seconds instead.`;
      throw refuse("PRESENCE_STREAMS_FULL", detail, RETRY_AFTER);
    },

    open(response, { channel, client }) {
      const feed = feedOf(channel);
      const reader = createStreamReader(response, () => {
        slow += 1;
        leave(channel, feed, reader);
      });
      readers.add(reader);
      addOpen(client, 1);
      response.once("close", () => {
        leave(channel, feed, reader);
        readers.delete(reader);
        addOpen(client, -1);
      });
      feed.add(reader);
    },

    stats: () => ({ open: readers.size, channels: feeds.size, slow, refused }),

    close() {
      isClosed = true;
      for (const reader of readers) reader.end("shutdown");
    },
  };
}
