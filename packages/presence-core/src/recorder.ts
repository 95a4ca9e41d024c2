import type { PresenceEvent, RefusalReason } from "./presence-types.ts";
import { createRecent } from "./recent.ts";
import type { RecordWriteResult } from "./store.ts";
import type { ChannelSightings } from "./types.ts";
import { assertWhole } from "./validate.ts";
import { type Batch, createWaiting } from "./waiting.ts";

/** Most visitors one write carries; as many waiting bring the next flush forward. */
export const FLUSH_VISITORS = 5_000;

/** Longest pause between tries while the store is away, in milliseconds. */
const RETRY_CAP_MS = 1_000;

/** Where a recorder writes: a store, or whoever hands on to one. */
export interface SightingSink {
  /** The clock that sightings are timed by, in epoch milliseconds. */
  nowMs(): number;
  /** Whether it is worth trying; `false` costs callers nothing to find out. */
  isReady(): boolean;
  /**
   * Resolves once it has all of them. Rejects where it may lack some: all of them come again, which must be
   * harmless.
   *
   * @param replaced Former texts of visitors, by channel, to be taken out in the same step.
   */
  record(
    sightings: ReadonlyMap<string, ChannelSightings>,
    replaced: ReadonlyMap<string, ReadonlySet<string>>,
  ): Promise<RecordWriteResult>;
}

/** Options of {@link createRecorder}. */
export interface RecorderOptions {
  readonly sink: SightingSink;
  /** Sightings that waited for longer are of no use any more, in seconds. */
  readonly windowSeconds: number;
  /** Longest wait before sightings are sent, in milliseconds, 1 to 10,000. @default 100 */
  readonly flushMs?: number;
  /**
   * Most visitors that wait, 1 to 10,000,000; what comes beyond is dropped and counted. What is sent again to a store
   * that lost its data waits beside them, and takes no place of theirs. @default 100000
   */
  readonly bufferVisitors?: number;
  /** Most writes on their way at a time, 1 to 16. @default 2 */
  readonly maxFlushes?: number;
  /**
   * Most visitors of a window kept for {@link Recorder.sendAgain}; up to as many of the window before it are kept too.
   * @default bufferVisitors
   */
  readonly resendVisitors?: number;
  readonly onEvent?: (event: PresenceEvent) => void;
  /** Called with the state's epoch after each write; `null` where the state is gone. */
  readonly onEpoch?: (epoch: string | null) => void;
}

/** Collects sightings, the latest of each visitor, and writes them to its sink in the background. */
export interface Recorder {
  /** Takes a sighting whose visitor, channel and time are valid; answers why not where it cannot. */
  add(channel: string, visitor: string, atMs: number, replaces?: string): RefusalReason | null;
  /**
   * Writes valid sightings past the buffer. Resolves once the sink has them, which are sent again as others are from
   * then on; rejects with its error where it may lack some, and keeps none of them.
   */
  write(
    sightings: ReadonlyMap<string, ChannelSightings>,
    replaced: ReadonlyMap<string, ReadonlySet<string>>,
  ): Promise<void>;
  /**
   * Sends again what the store took within the last window: it has lost it. Answers how many visitors that are, those
   * apart who wait anyhow. They take no room of those who wait, and nobody is dropped for them: beyond
   * `bufferVisitors` at most one entry is held for each visitor still in the window that this process recorded.
   */
  sendAgain(): number;
  /** Lets go of what is kept of these visitors to be sent again: it would come behind their removal. */
  keepNone(channel: string, visitors: readonly string[]): void;
  /** Lets go of what is kept of these visitors to be sent, or sent again: they have been removed. */
  forget(channel: string, visitors: readonly string[]): void;
  /**
   * Sends what waits of `channel` now; of what is to be sent again only `visitors`, the others follow by themselves.
   * Resolves with whether the store has all of the channel that was taken before, what was on its way already and
   * what is to be sent again included; never rejects.
   */
  flushChannel(channel: string, visitors?: Iterable<string>): Promise<boolean>;
  /** Whether sightings of `channel` wait to be sent. */
  hasWaiting(channel: string): boolean;
  /** Sends all that waits. Rejects with the store's error. */
  flush(): Promise<void>;
  /** Whether the last write failed: what waits has not reached the store. */
  isFailing(): boolean;
  /** How many losses of sightings there have been. */
  losses(): number;
  /** The store knows of the first `losses` of them. */
  settleLosses(losses: number): void;
  /** Whether there were losses that the store does not know of. */
  hasGap(): boolean;
  counters(): RecorderCounters;
  /** Ends the timer; nothing more is sent by itself. */
  stop(): void;
}

/** What has happened since start. */
export interface RecorderCounters {
  readonly coalesced: number;
  readonly flushed: number;
  readonly failedFlushes: number;
  /** Lost for want of room. */
  readonly full: number;
  /** Lost because the store stayed away for longer than the window. */
  readonly expired: number;
  readonly pending: number;
}

/** @throws {PresenceError} `PRESENCE_INVALID_OPTION` for an option out of bounds. */
export function createRecorder(options: RecorderOptions): Recorder {
  const { sink, flushMs = 100, bufferVisitors = 100_000, maxFlushes = 2 } = options;
  const { resendVisitors = bufferVisitors, onEvent = () => {}, onEpoch = () => {} } = options;
  assertWhole("PRESENCE_INVALID_OPTION", "flushMs", flushMs, 1, 10_000);
  assertWhole("PRESENCE_INVALID_OPTION", "bufferVisitors", bufferVisitors, 1, 10_000_000);
  assertWhole("PRESENCE_INVALID_OPTION", "maxFlushes", maxFlushes, 1, 16);
  const windowMs = options.windowSeconds * 1_000;
  const waiting = createWaiting(bufferVisitors);
  const recent = createRecent(windowMs, resendVisitors);
  const counters = { coalesced: 0, flushed: 0, failedFlushes: 0, full: 0, expired: 0 };
  const inFlight = new Map<Promise<void>, Batch>();
  let timer: NodeJS.Timeout | null = null;
  let failuresInARow = 0;
  /** Whether the last write failed since the store was away, and not since it refused or took too long over many. */
  let wasAway = false;
  let losses = 0;
  let settledLosses = 0;
  let isStopped = false;

  function schedule(delayMs: number): void {
    if (timer !== null || isStopped) return;
    timer = setTimeout(() => {
      timer = null;
      flushInBackground();
    }, delayMs);
    timer.unref();
  }

  function flushInBackground(): void {
    if (!sink.isReady() && inFlight.size === 0) return schedule(retryMs());
    while (waiting.size() > 0 && inFlight.size < maxFlushes)
      void send(waiting.take(FLUSH_VISITORS)).catch(() => {});
    if (waiting.size() > 0) schedule(failuresInARow === 0 ? flushMs : retryMs());
  }

  function retryMs(): number {
    return Math.min(RETRY_CAP_MS, flushMs * 2 ** Math.min(failuresInARow, 10));
  }

  function send(batch: Batch): Promise<void> {
    const visitors = batch.size();
    const startedMs = performance.now();
    const nowMs = sink.nowMs();
    const write = sink.record(batch.channels(), batch.replaced()).then(
      ({ epoch }) => {
        waiting.settle(batch);
        recent.keep(batch, nowMs);
        counters.flushed += visitors;
        if (failuresInARow > 0) onEvent({ kind: "store-back" });
        failuresInARow = 0;
        onEvent({ kind: "flushed", visitors, elapsedMs: performance.now() - startedMs });
        onEpoch(epoch);
      },
      (error: unknown) => {
        counters.failedFlushes += 1;
        lose(waiting.putBack(batch, sink.nowMs() - windowMs));
        const failure = error instanceof Error ? error : new Error(String(error));
        if (failuresInARow === 0) onEvent({ kind: "store-lost", error: failure });
        failuresInARow += 1;
        wasAway = !sink.isReady() && visitors <= FLUSH_VISITORS;
        schedule(retryMs());
        throw failure;
      },
    );
    const tracked = write.finally(() => {
      inFlight.delete(tracked);
      // What came while every slot was taken does not wait for another timer.
      if (failuresInARow === 0 && waiting.size() >= FLUSH_VISITORS) flushInBackground();
    });
    inFlight.set(tracked, batch);
    tracked.catch(() => {});
    return tracked;
  }

  function lose(expired: number): void {
    if (expired === 0) return;
    counters.expired += expired;
    onEvent({ kind: "sightings-lost", reason: "expired", visitors: expired });
  }

  function keepNone(channel: string, visitors: readonly string[]): void {
    recent.remove(channel, visitors);
    for (const visitor of visitors) waiting.removeAgain(channel, visitor);
  }

  return {
    add(channel, visitor, atMs, replaces) {
      const taken = waiting.add(channel, visitor, atMs, replaces);
      if (taken === "full") {
        counters.full += 1;
        losses += 1;
        return "full";
      }
      if (taken === "known") counters.coalesced += 1;
      if (waiting.seen() === FLUSH_VISITORS && inFlight.size < maxFlushes && failuresInARow === 0)
        flushInBackground();
      else if (timer === null) schedule(failuresInARow === 0 ? flushMs : retryMs());
      return null;
    },

    async write(sightings, replaced) {
      const nowMs = sink.nowMs();
      const { epoch } = await sink.record(sightings, replaced);
      waiting.dropReplaced(replaced);
      recent.keep({ channels: () => sightings, replaced: () => replaced }, nowMs);
      onEpoch(epoch);
    },

    async flushChannel(channel, visitors = []) {
      const underWay = [...inFlight]
        .filter(([, sent]) => sent.channels().has(channel))
        .map(([write]) => write);
      // While the store refuses, each try costs all that waits: readers do not add to those of the timer. One that is
      // back is asked at once: after an outage of a window it holds nobody, until it has what waits.
      const isBack = wasAway && sink.isReady();
      if (failuresInARow > 0 && timer !== null && !isBack)
        return underWay.length === 0 && !waiting.hasSeen(channel) && !waiting.hasAgain(channel);
      const batch = waiting.takeChannel(channel, visitors);
      if (batch !== null) underWay.push(send(batch));
      const isAllSent = !waiting.hasAgain(channel);
      const outcomes = await Promise.allSettled(underWay);
      return isAllSent && outcomes.every(({ status }) => status === "fulfilled");
    },

    hasWaiting: (channel) => waiting.hasSeen(channel),

    sendAgain() {
      // What expired of it did reach the store, in its time.
      const visitors = waiting.addAgain(recent.takeAll(), sink.nowMs() - windowMs);
      if (!isStopped) flushInBackground();
      return visitors;
    },

    keepNone,

    forget(channel, visitors) {
      keepNone(channel, visitors);
      // What waits was sent ahead of their removal, unless nothing can be.
      if (failuresInARow > 0) for (const visitor of visitors) waiting.remove(channel, visitor);
    },

    async flush() {
      while (waiting.size() > 0) await send(waiting.take(FLUSH_VISITORS));
      await Promise.all(inFlight.keys());
    },

    isFailing: () => failuresInARow > 0,
    losses: () => losses,
    settleLosses(known) {
      settledLosses = Math.max(settledLosses, known);
    },
    hasGap: () => losses > settledLosses,
    counters: () => ({ ...counters, pending: waiting.total() }),

    stop() {
      isStopped = true;
      if (timer !== null) clearTimeout(timer);
      timer = null;
    },
  };
}
