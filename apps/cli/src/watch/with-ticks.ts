import { setTimeout as delay } from "node:timers/promises";

/** The items of `source` as they come, and a `null` after each `everyMs` without one. */
export async function* withTicks<Item>(
  source: AsyncIterable<Item>,
  everyMs: number,
): AsyncGenerator<Item | null, void, undefined> {
  const items = source[Symbol.asyncIterator]();
  try {
    let next = items.next();
    for (;;) {
      const waiting = new AbortController();
      const tick = delay(everyMs, null, { signal: waiting.signal });
      // Taken back below, which nobody needs to hear of.
      tick.catch(() => {});
      const came = await Promise.race([next, tick]);
      waiting.abort();
      if (came === null) {
        yield null;
        continue;
      }
      if (came.done === true) return;
      yield came.value;
      next = items.next();
    }
  } finally {
    await items.return?.();
  }
}
