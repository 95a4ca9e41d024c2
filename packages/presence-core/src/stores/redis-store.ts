import { randomUUID } from "node:crypto";
import type { PresenceStore } from "../store.ts";
import { assertWhole, DEFAULT_CHANNEL } from "../validate.ts";
import { WRITER_ALIVE_MS, WRITER_FORGOTTEN_MS } from "../writers.ts";
import { connectRedis, type RedisClient } from "../redis/connect.ts";
import { inspectRedis, type RedisInspection } from "../redis/inspect.ts";
import { createRedisJobBoard } from "../redis/job-board.ts";
import type { RedisKeys } from "../redis/keys.ts";
import { createLayoutTracker, formatLayout, shardsAt } from "../redis/layout.ts";
import { createReading } from "../redis/reading.ts";
import { createRecording } from "../redis/recording.ts";
import { createLink, type LinkEvent } from "../redis/redis-link.ts";
import { createRemoving } from "../redis/removing.ts";
import { createResharding, type Resharding } from "../redis/reshard.ts";
import { registerScript, unregisterScript } from "../redis/scripts.generated.ts";
import { readIdentityKey } from "../redis/secret.ts";
import { countUniques } from "../redis/uniques.ts";
import { formatProfile, parseRegistration, parseState } from "../redis/writers.ts";

/** A layout heard of longer ago than this is asked for before a read that does not bring it, in milliseconds. */
const LAYOUT_FRESH_MS = 1_000;

/** Options shared by {@link createRedisStore} and {@link connectRedisStore}. */
export interface RedisStoreSettings {
  /** Prefix of all keys, and the key of the channel `site` with one shard. @default "onlines" */
  readonly key?: string;
  /**
   * Over how many sets a channel's visitors are spread, 1 to 64, where the store has none yet: what it has goes
   * before. @default 1
   */
  readonly shards?: number;
  /** Told of connection errors and of jumps of the server's clock. */
  readonly onEvent?: (event: LinkEvent) => void;
}

/** Options of {@link createRedisStore}. */
export interface RedisStoreOptions extends RedisStoreSettings {
  /** An ioredis client or cluster; it stays the caller's, who also handles its `error` events. */
  readonly client: RedisClient;
}

/** Options of {@link connectRedisStore}. */
export interface ConnectRedisStoreOptions extends RedisStoreSettings {
  /** `redis://`, `rediss://`, `redis+sentinel://`, `redis+cluster://`. */
  readonly url: string;
}

/** A {@link PresenceStore} in Redis. */
export interface RedisStore extends PresenceStore {
  readonly name: "redis";
  /** The client, for what is beside presence: jobs, diagnostics. */
  readonly client: RedisClient;
  readonly keys: RedisKeys;
  /** Changes the number of shards while visitors are recorded and counted. */
  readonly resharding: Resharding;
  /** Resolves once the server has been asked for its time; rejects with the reason after `timeoutMs`. */
  whenReady(timeoutMs: number): Promise<void>;
  /** What the server says of itself and of the sets of `channel` (`site`), for `doctor` and diagnostics. */
  inspect(windowSeconds: number, channel?: string): Promise<RedisInspection>;
}

/**
 * Keeps sightings in Redis 6.2 or later through a client of its own, which `close` ends. It begins to connect at
 * once and never throws for a server that is away.
 *
 * @throws {PresenceError} `PRESENCE_INVALID_OPTION` for a URL or a number of shards that is none.
 */
export function connectRedisStore({ url, ...settings }: ConnectRedisStoreOptions): RedisStore {
  // The link listens for errors too, and tells of them; this listener keeps a closing client from throwing.
  const client = connectRedis(url, () => {});
  return buildStore({ ...settings, client }, async () => client.disconnect());
}

/** Keeps sightings in Redis 6.2 or later through a client that stays the caller's. */
export function createRedisStore(options: RedisStoreOptions): RedisStore {
  return buildStore(options, async () => {});
}

function buildStore(options: RedisStoreOptions, closeClient: () => Promise<void>): RedisStore {
  const { client, key = "onlines", shards = 1, onEvent = () => {} } = options;
  assertWhole("PRESENCE_INVALID_OPTION", "shards", shards, 1, 64);
  const layout = createLayoutTracker(key, shards, ({ shards: found }) => {
    if (found !== shards) onEvent({ kind: "other-shards", shards: found, configured: shards });
  });
  // Names that do not depend on the number of shards.
  const [keys] = layout.keysAt(0);
  const shardKeys = client.isCluster ? keys.ofEveryMaster() : [];
  const link = createLink({ client, stateKey: keys.state, shardKeys, onEvent });
  const parts = { link, keys, layout, freshLayout };
  const recording = createRecording(parts);
  const resharding = createResharding(parts);
  let closing: Promise<void> | null = null;

  const keysNow = (): RedisKeys => layout.keysAt(link.clock.nowMs())[0];
  const shardsNow = (): number => shardsAt(layout.current(), link.clock.nowMs())[0];

  async function freshLayout(): Promise<void> {
    if (performance.now() - layout.seenAtMs() < LAYOUT_FRESH_MS) return;
    layout.see(await link.ask((redis) => redis.hget(keys.state, "layout")));
  }

  return {
    name: "redis",
    get shards() {
      return shardsNow();
    },
    client,
    get keys() {
      return keysNow();
    },
    resharding,
    nowMs: () => link.clock.nowMs(),
    clock: () => link.clock.reading(),
    isReady: () => link.isReady(),
    whenReady: (timeoutMs) => link.whenReady(timeoutMs),

    record: recording.record,
    ...createReading(parts),
    ...createRemoving({ ...parts, onEmptied: recording.forgetNote }),

    jobs: createRedisJobBoard(link, keys),
    uniques: (channel, days) => countUniques(link, keys, channel, days),
    identityKey: (day) => readIdentityKey(link, keys, day),
    inspect: (windowSeconds, channel = DEFAULT_CHANNEL) =>
      inspectRedis(link, client, keysNow(), { windowSeconds, channel }),

    state: () =>
      link.ask(async (redis) => {
        const fields = await redis.hgetall(keys.state);
        layout.see(fields["layout"]);
        return parseState(fields);
      }),

    async register({ id, ...profile }, { nowMs, ttlSeconds, gap = false }) {
      const { state, layout: text } = await link.ask(async (redis) => {
        // Before another run is told to all, it is looked at again: it may be this process that knows an old one.
        if ((await redis.hget(keys.state, "run")) !== link.run()) await link.sync();
        const args = [
          id,
          formatProfile({ ...profile, shards: shardsNow() }),
          randomUUID(),
          gap ? "1" : "0",
          nowMs,
          WRITER_ALIVE_MS,
          WRITER_FORGOTTEN_MS,
          ttlSeconds,
          link.run() ?? "",
          formatLayout(layout.current()),
        ];
        return parseRegistration(await link.evaluate(registerScript, [keys.state], args));
      });
      layout.see(text);
      await resharding.follow(id, state.writers);
      return state;
    },

    unregister: (writerId) =>
      link.ask(async () => {
        await link.evaluate(unregisterScript, [keys.state], [writerId]);
      }),

    close() {
      closing ??= (async () => {
        link.close();
        await closeClient();
      })();
      return closing;
    },
  };
}
