import { isStoreFailure } from "@presence/core";
import type { PresenceSource } from "../source/source.ts";
import type { CountFeed, FeedOptions, FeedUpdate } from "./feed.ts";
import { pause } from "./pause.ts";

/** Asks a store again and again. A store that is away answers its last count as stale as long as that is of use. */
export function storeFeed(source: PresenceSource, { channel, everyMs }: FeedOptions): CountFeed {
  async function ask(): Promise<FeedUpdate> {
    try {
      const count = await source.count({ channel, withBots: false });
      return { kind: "count", count, how: "polled" };
    } catch (error) {
      if (!isStoreFailure(error)) throw error;
      return { kind: "unavailable", reason: error.message };
    }
  }

  return {
    name: source.name,
    async *updates(signal) {
      while (!signal.aborted) {
        yield await ask();
        await pause(everyMs, signal);
      }
    },
    close: () => source.close(),
  };
}
