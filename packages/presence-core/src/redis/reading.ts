import { comparePosition } from "../order.ts";
import type { PresenceStore } from "../store.ts";
import { isWriterAlive } from "../writers.ts";
import type { RedisKeys } from "./keys.ts";
import type { LayoutTracker } from "./layout.ts";
import { parseMembers, scores } from "./members.ts";
import type { RedisLink } from "./redis-link.ts";
import { listScript } from "./scripts.generated.ts";

/** What {@link createReading} is made of. */
export interface ReadingOptions {
  readonly link: RedisLink;
  readonly keys: RedisKeys;
  readonly layout: LayoutTracker;
  /** Sees to it that the layout has been heard of lately. */
  readonly freshLayout: () => Promise<void>;
}

/** Counts and lists, over all sets of a channel. */
export function createReading(options: ReadingOptions): Pick<PresenceStore, "count" | "list" | "channels"> {
  const { link, keys, layout, freshLayout } = options;

  return {
    count: (channel, bounds) =>
      link.ask(async (redis) => {
        const { low, high } = scores(bounds);
        for (;;) {
          const [reads] = layout.keysAt(link.clock.nowMs());
          const counts = reads.channel(channel).map((set) => redis.zcount(set, low, high));
          const state = redis.hmget(keys.state, "since", "run", "seen", "layout");
          // One answer after the other is awaited, and all of them are in flight.
          // oxlint-disable-next-line no-await-in-loop
          const [ofShards, [since, run, seen, text]] = await Promise.all([Promise.all(counts), state]);
          if (layout.see(text)) continue;
          const count = ofShards.reduce((sum, n) => sum + n, 0);
          // A server that was started anew, or took over, may have lost the end of what the state still claims.
          const isSameRun = run === link.run();
          // Where there is no state, nothing is claimed: each count would ask five times for the clock.
          if (!isSameRun && typeof run === "string") void link.sync();
          const isRecording = isSameRun && isWriterAlive(Number(seen ?? 0), link.clock.nowMs());
          return { count, sinceMs: isRecording && typeof since === "string" ? Number(since) : null };
        }
      }),

    list: (channel, bounds, { order, limit, after }) =>
      link.ask(async () => {
        await freshLayout();
        const [reads] = layout.keysAt(link.clock.nowMs());
        const position = after === null ? ["", ""] : [Math.round(after.lastSeenMs * 1_000), after.visitor];
        const args = [bounds.afterMs / 1_000, bounds.untilMs / 1_000, order, limit, ...position];
        const pages = reads.channel(channel).map((set) => link.evaluate(listScript, [set], args));
        const found = (await Promise.all(pages)).flatMap(parseMembers);
        return pages.length === 1 ? found : found.sort(comparePosition(order)).slice(0, limit);
      }),

    channels: (sinceMs, limit) =>
      link.ask(async (redis) => {
        const since = `(${sinceMs / 1_000}`;
        const range = ["BYSCORE", "REV", "LIMIT", 0, limit, "WITHSCORES"] as const;
        const found = await redis.zrange(keys.channels, "+inf", since, ...range);
        return parseMembers(found).map(({ visitor, lastSeenMs }) => ({
          channel: visitor,
          lastWriteMs: lastSeenMs,
        }));
      }),
  };
}
