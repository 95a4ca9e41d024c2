import { isStoreFailure } from "./errors.ts";
import type { OnlineCount } from "./types.ts";

/** Most last known counts kept, one per channel and window. */
const LAST_KNOWN_MAX = 1_000;

/** Asks for a count now; rejects with a store failure where nobody can be asked. */
export type AskCount = (channel: string, windowSeconds: number) => Promise<OnlineCount>;

/** Options of {@link createCountReader}. */
export interface CountReaderOptions {
  readonly ask: AskCount;
  /** Whether sightings of the channel wait which an answer under way will lack. */
  readonly hasWaiting: (channel: string) => boolean;
  /** A clock to measure ages by, in milliseconds. */
  readonly nowMs: () => number;
  /** Share one answer per channel and window for this long, in milliseconds. @default 0 */
  readonly shareReadsMs?: number;
}

/** Counts a channel over a window, both valid. */
export interface CountReader {
  count(channel: string, windowSeconds: number): Promise<OnlineCount>;
}

/** A count and when it came, by the reader's clock. */
interface Known {
  readonly answer: OnlineCount;
  readonly receivedMs: number;
}

/** Shares counts in flight, keeps the last known ones, and answers those while nobody can be asked. */
export function createCountReader(options: CountReaderOptions): CountReader {
  const { ask, hasWaiting, nowMs, shareReadsMs = 0 } = options;
  const shared = new Map<string, { readonly known: Promise<Known>; readonly startedMs: number }>();
  const lastKnown = new Map<string, Known>();

  const age = (read: { readonly startedMs: number } | undefined): number =>
    read === undefined ? Infinity : performance.now() - read.startedMs;

  function remember(key: string, known: Known): void {
    lastKnown.delete(key);
    lastKnown.set(key, known);
    if (lastKnown.size <= LAST_KNOWN_MAX) return;
    for (const oldest of lastKnown.keys()) {
      lastKnown.delete(oldest);
      return;
    }
  }

  function share(key: string, channel: string, windowSeconds: number): Promise<Known> {
    const current = shared.get(key);
    const startedMs = performance.now();
    // Without a share time, a read under way is joined only by those who have recorded nothing since it left.
    const isShared = shareReadsMs === 0 ? !hasWaiting(channel) : age(current) < shareReadsMs;
    if (current !== undefined && isShared) return current.known;
    const known = ask(channel, windowSeconds).then((answer) => ({ answer, receivedMs: nowMs() }));
    shared.set(key, { known, startedMs });
    known.then(
      (value) => remember(key, value),
      () => {},
    );
    const forget = (): void => {
      if (shared.get(key)?.known === known) shared.delete(key);
    };
    // A failed answer is shared by those who already wait for it, and by nobody after them.
    known.then(() => (shareReadsMs === 0 ? forget() : setTimeout(forget, shareReadsMs).unref()), forget);
    return known;
  }

  /** How old a known count is now. */
  function ageOf({ answer, receivedMs }: Known): number {
    return Math.max(0, Math.round(answer.ageMs + nowMs() - receivedMs));
  }

  return {
    async count(channel, windowSeconds) {
      const key = `${windowSeconds} ${channel}`;
      try {
        const known = await share(key, channel, windowSeconds);
        return { ...known.answer, ageMs: ageOf(known) };
      } catch (error) {
        const known = lastKnown.get(key);
        const ageMs = known === undefined ? Infinity : ageOf(known);
        if (known === undefined || ageMs >= windowSeconds * 1_000 || !isStoreFailure(error)) throw error;
        return { ...known.answer, stale: true, complete: false, ageMs };
      }
    },
  };
}
