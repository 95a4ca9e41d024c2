import { setTimeout as delay } from "node:timers/promises";
import type { OnlineCount, Presence } from "../../src/index.ts";

/** What one reader was answered, one question after the other; `count` is `null` where there was no answer. */
export interface WatchedAnswer {
  readonly atMs: number;
  readonly count: OnlineCount | null;
}

const EVERY_MS = 25;

/** Records `visitors` again and again and asks for the count meanwhile, until it is stopped. */
export function watchCount(presence: Presence, visitors: readonly string[]) {
  const answers: WatchedAnswer[] = [];
  let isStopped = false;

  async function watch(): Promise<void> {
    while (!isStopped) {
      for (const visitor of visitors) presence.record(visitor);
      // One question after the other, as a page would ask.
      // oxlint-disable-next-line no-await-in-loop
      const count = await presence.count().catch(() => null);
      answers.push({ atMs: performance.now(), count });
      // oxlint-disable-next-line no-await-in-loop
      await delay(EVERY_MS);
    }
  }
  const done = watch();

  return {
    answers: answers as readonly WatchedAnswer[],
    /** The first fresh answer from `sinceMs` on; `undefined` while there is none. */
    firstFresh: (sinceMs: number): WatchedAnswer | undefined =>
      answers.find(({ atMs, count }) => atMs >= sinceMs && count?.stale === false),
    async stop(): Promise<void> {
      isStopped = true;
      await done;
    },
  };
}
