import { assertChannel, BOTS_PREFIX, createPresence, isoTime, onlineCountJson } from "@presence/core";
import type { CliConfig } from "../../config.ts";
import type { Io } from "../../io.ts";
import type { RedisPlace } from "../place.ts";
import type { PresenceSource } from "../source.ts";
import { openStore } from "./open-store.ts";

/** Longest a read waits for the store, in milliseconds: a person waits, no request does. */
const READ_TIMEOUT_MS = 2_000;

/** Visitors on a page of a list of all. */
const PAGE_VISITORS = 1_000;

/** Asks a Redis itself. */
export async function openStoreSource(place: RedisPlace, config: CliConfig, io: Io): Promise<PresenceSource> {
  const { name, store, profile, close } = await openStore(place, config, io);
  const { windowSeconds, keyTtlSeconds, identity, ipv6Prefix } = profile;
  const presence = createPresence({
    store,
    windowSeconds,
    keyTtlSeconds,
    profile: { identity, ipv6Prefix },
    readTimeoutMs: READ_TIMEOUT_MS,
  });

  /** Whether bots of the channel are counted apart, as far as the environment tells, or those still there. */
  async function hasBots(channel: string): Promise<boolean> {
    if (config.bots === "separate") return true;
    const ever = { afterMs: 0, untilMs: Number.MAX_SAFE_INTEGER };
    return (await store.count(BOTS_PREFIX + channel, ever)).count > 0;
  }

  const list: PresenceSource["list"] = async ({ channel, limit, order, cursor }) => {
    const [{ listedVisitor }, { readCursor, writeCursor }] = await Promise.all([
      import("./listed-visitor.ts"),
      import("./cursor.ts"),
    ]);
    const scope = { channel, order };
    const after = cursor === undefined ? null : readCursor(scope, cursor);
    const page = await presence.list({ channel, limit, order, after });
    return {
      asOf: isoTime(page.asOfMs),
      identity,
      visitors: page.visitors.map((visitor) => listedVisitor(visitor, page.asOfMs, profile)),
      nextCursor: page.next === null ? null : writeCursor(scope, page.next),
    };
  };

  return {
    name,
    list,

    async count({ channel, windowSeconds: asked, withBots }) {
      const window = asked === undefined ? {} : { windowSeconds: asked };
      const { bots, ...count } = onlineCountJson(await presence.count({ channel, withBots, ...window }));
      // None may be online, or none may be counted apart: a 0 would claim to know which.
      const isKnown = bots !== undefined && (bots > 0 || (await hasBots(channel)));
      return isKnown ? { ...count, bots } : count;
    },

    async *pages(channel) {
      let cursor: string | undefined;
      do {
        const page = await list({ channel, limit: PAGE_VISITORS, order: "oldest", cursor });
        yield page;
        cursor = page.nextCursor ?? undefined;
      } while (cursor !== undefined);
    },

    windowSeconds: async () => profile.longestWindowSeconds,

    async prune({ channel, olderThanSeconds = profile.longestWindowSeconds, batch, dryRun, onProgress }) {
      const { removed, invalid, remaining, elapsedMs } = await presence.prune({
        channel,
        olderThanSeconds,
        dryRun,
        onProgress,
        ...(batch === undefined ? {} : { batch }),
      });
      return { removed, invalid, remaining, elapsedMs };
    },

    async forget(visitors, channel) {
      assertChannel(channel);
      // The store itself: an operator must be able to remove what no writer of ours could have written.
      return { forgotten: await store.forget(channel, visitors) };
    },

    async close() {
      await presence.close();
      await close();
    },
  };
}
