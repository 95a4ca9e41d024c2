import { onTestFinished } from "vitest";
import { createPresence, type PresenceEvent } from "../../src/index.ts";
import { connectRedisStore, type RedisStore } from "../../src/redis.ts";
import { untilComplete } from "./until-complete.ts";
import { watchCount } from "./watched-count.ts";

const WINDOW_SECONDS = 8;
const VISITORS = Array.from({ length: 200 }, (_, i) => `steady-${i}`);

/** A count of the same visitors all the time, of whom nobody may be missing. */
export interface SteadyCount {
  readonly store: RedisStore;
  readonly visitors: number;
  readonly watched: ReturnType<typeof watchCount>;
  /** Waits until all of them are counted, for a whole window. */
  untilComplete(): Promise<void>;
}

/** Options of {@link startSteadyCount}. */
export interface SteadyCountOptions {
  readonly url: string;
  readonly key: string;
  readonly onEvent?: (event: PresenceEvent) => void;
}

/** Records and watches the count over 16 shards, until the test ends. Resolves once it is complete. */
export async function startSteadyCount({
  url,
  key,
  onEvent = () => {},
}: SteadyCountOptions): Promise<SteadyCount> {
  const store = connectRedisStore({ url, shards: 16, key });
  await store.whenReady(20_000);
  const presence = createPresence({ store, windowSeconds: WINDOW_SECONDS, onEvent });
  presence.start();
  onTestFinished(async () => {
    await presence.close();
    await store.close();
  });
  const watched = watchCount(presence, VISITORS);
  onTestFinished(watched.stop);
  const visitors = VISITORS.length;
  const allCounted = (): Promise<void> =>
    untilComplete(presence, { expected: { count: visitors }, timeoutMs: 60_000 });
  await allCounted();
  return { store, visitors, watched, untilComplete: allCounted };
}
