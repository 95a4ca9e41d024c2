import type { PresenceStore } from "./store.ts";

/** For how long after a switch both forms of a visitor are known, beyond the window, in milliseconds. */
const OVERLAP_MS = 10_000;

/** How often the keys of today and tomorrow are looked after, in milliseconds. */
const REFRESH_EVERY_MS = 60_000;

const DAY_MS = 86_400_000;

/** The keys a visitor's text is made with at one instant. */
export interface IdentityKeysNow {
  readonly current: Uint8Array;
  /** Yesterday's, for a window and ten seconds after midnight UTC: its texts are replaced by new ones. */
  readonly previous: Uint8Array | null;
}

/** The rotating keys of hashed identity, numbered by UTC day of the store's clock. */
export interface IdentityKeys {
  /** The keys at `nowMs`; `null` while the store has not been asked yet: nobody can be named then. */
  at(nowMs: number): IdentityKeysNow | null;
  /** Asks the store for the keys of yesterday, today and tomorrow. Rejects with the store's error. */
  load(): Promise<void>;
  close(): void;
}

/** Looks after the keys from the first `load` on. */
export function createIdentityKeys(store: PresenceStore, windowSeconds: number): IdentityKeys {
  const keys = new Map<string, Uint8Array>();
  const overlapMs = windowSeconds * 1_000 + OVERLAP_MS;
  let timer: NodeJS.Timeout | null = null;
  let loading: Promise<void> | null = null;

  // Every sighting without a key asks for it: they share one question.
  function load(): Promise<void> {
    timer ??= setInterval(() => void load().catch(() => {}), REFRESH_EVERY_MS).unref();
    loading ??= ask().finally(() => {
      loading = null;
    });
    return loading;
  }

  async function ask(): Promise<void> {
    const nowMs = store.nowMs();
    const isOverlap = nowMs % DAY_MS < overlapMs;
    const wanted = [utcDay(nowMs), utcDay(nowMs + DAY_MS), ...(isOverlap ? [utcDay(nowMs - DAY_MS)] : [])];
    const missing = wanted.filter((day) => !keys.has(day));
    const found = await Promise.all(missing.map((day) => store.identityKey(day)));
    for (const [i, day] of missing.entries()) keys.set(day, found[i] ?? new Uint8Array());
    // Destroyed, they protect the addresses behind texts that may have been copied elsewhere.
    for (const day of keys.keys()) if (day < utcDay(nowMs - DAY_MS)) keys.delete(day);
  }

  return {
    load,
    at(nowMs) {
      const current = keys.get(utcDay(nowMs));
      if (current === undefined) {
        void load().catch(() => {});
        return null;
      }
      const isOverlap = nowMs % DAY_MS < overlapMs;
      return { current, previous: (isOverlap ? keys.get(utcDay(nowMs - DAY_MS)) : undefined) ?? null };
    },
    close() {
      if (timer !== null) clearInterval(timer);
    },
  };
}

let cachedDay = { number: Number.NaN, text: "" };

/** The UTC day of an instant, `YYYY-MM-DD`. Asked on every sighting, so the last answer is kept. */
function utcDay(atMs: number): string {
  const number = Math.floor(atMs / DAY_MS);
  if (number !== cachedDay.number)
    cachedDay = { number, text: new Date(number * DAY_MS).toISOString().slice(0, 10) };
  return cachedDay.text;
}
