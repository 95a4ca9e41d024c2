import type { Problem } from "@presence/api-contract";
import { isStoreFailure, type OnlineCount, type Presence } from "@presence/core";
import type { Logger } from "@presence/service-kit";
import { describeError } from "../http/describe-error.ts";

/** What there is to say of a channel: its count, stale or not, or why there is none. */
export type News =
  | { readonly event: "count"; readonly count: OnlineCount }
  | { readonly event: "unavailable"; readonly problem: Problem };

/** What {@link createNewsReader} needs. */
export interface NewsReaderOptions {
  readonly presence: Pick<Presence, "count">;
  /** Whether bots are counted beside the others. */
  readonly withBots: boolean;
  readonly logger: Logger;
}

/** Reads the news of a channel. Never rejects: that no value is known is news too. */
export type NewsReader = (channel: string) => Promise<News>;

/** A {@link NewsReader} over `presence`. */
export function createNewsReader({ presence, withBots, logger }: NewsReaderOptions): NewsReader {
  return async (channel) => {
    try {
      return { event: "count", count: await presence.count({ channel, withBots }) };
    } catch (error) {
      if (!isStoreFailure(error)) logger.error({ err: error, channel }, "a stream has no count to tell");
      return { event: "unavailable", problem: describeError(error).problem };
    }
  };
}

/** Whether a reader who knows `before` learns something from `now`; that time went on is nothing new. */
export function isNewAfter(before: News, now: News): boolean {
  if (before.event === "unavailable" || now.event === "unavailable") {
    return before.event !== now.event;
  }
  const [known, count] = [before.count, now.count];
  return (
    known.count !== count.count ||
    known.bots !== count.bots ||
    known.stale !== count.stale ||
    known.complete !== count.complete ||
    known.sinceMs !== count.sinceMs
  );
}

/** The same news a moment later: the count is older by then. */
export function newsAt(news: News, nowMs: number): News {
  if (news.event === "unavailable") return news;
  const ageMs = Math.max(news.count.ageMs, Math.round(nowMs - news.count.asOfMs));
  return { ...news, count: { ...news.count, ageMs } };
}
