import { afterEach, beforeEach } from "vitest";
import type { PresenceStore } from "../store.ts";
import { onlineBounds } from "../window.ts";

export const SITE = "site";
export const WINDOW_SECONDS = 60;
const TTL_SECONDS = 180;

/** A store per test, with the calls every test makes. */
export interface StoreUnderTest {
  readonly store: PresenceStore;
  /** The store's clock when the test began, in whole milliseconds. */
  readonly startMs: number;
  record(sightings: Readonly<Record<string, number>>, channel?: string): Promise<void>;
  countAt(nowMs: number, windowSeconds?: number): Promise<number>;
}

export function useStore(create: () => Promise<PresenceStore>): () => StoreUnderTest {
  let current: StoreUnderTest | null = null;
  beforeEach(async () => {
    const store = await create();
    const startMs = store.nowMs();
    current = {
      store,
      startMs,
      async record(sightings, channel = SITE) {
        const ofChannel = new Map(Object.entries(sightings));
        await store.record(new Map([[channel, ofChannel]]), {
          nowMs: store.nowMs(),
          ttlSeconds: TTL_SECONDS,
        });
      },
      async countAt(nowMs, windowSeconds = WINDOW_SECONDS) {
        return (await store.count(SITE, onlineBounds(nowMs, windowSeconds))).count;
      },
    };
  });
  afterEach(async () => current?.store.close());
  return () => {
    if (current === null) throw new Error("useStore belongs inside describe");
    return current;
  };
}
