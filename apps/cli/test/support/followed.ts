import { waitUntil } from "@presence/testkit";
import { onTestFinished } from "vitest";
import { followLog, type FollowEvent } from "../../src/access-log/follow-log.ts";
import { addressTextOf } from "../../src/access-log/log-line.ts";
import { createLogReader } from "../../src/access-log/log-reader.ts";

/** A log that is followed, and what came of it. */
export interface Followed {
  /** The address of each line, in the order they were read. */
  readonly addresses: readonly string[];
  /** What a person was told. */
  readonly told: readonly FollowEvent[];
  readonly counts: { readonly lines: number; readonly malformed: number };
  /** Resolves once so many lines have been read. */
  hasRead(lines: number): Promise<unknown>;
  /** Resolves once an event has been told so many times. */
  hasTold(event: FollowEvent, times?: number): Promise<unknown>;
  stop(): Promise<void>;
}

/** Follows a log until the test ends. */
export function startFollowing(
  path: string,
  { fromEnd = false, steadyMs = () => performance.now() } = {},
): Followed {
  const ended = new AbortController();
  const addresses: string[] = [];
  const told: FollowEvent[] = [];
  const counts = { lines: 0, malformed: 0 };
  const createReader = () => createLogReader((line) => addresses.push(addressTextOf(line)), counts);
  const running = (async () => {
    for await (const event of followLog(path, { createReader, fromEnd, signal: ended.signal, steadyMs }))
      if (event !== "read") told.push(event);
  })();
  // Whoever waits for it is told.
  running.catch(() => {});
  const stop = async (): Promise<void> => {
    ended.abort();
    await running;
  };
  onTestFinished(() => stop().catch(() => {}));
  const until = (what: string, isSo: () => boolean): Promise<unknown> =>
    Promise.race([
      waitUntil(isSo, { what, everyMs: 5 }),
      running.then(() => Promise.reject(new Error("it ended"))),
    ]);
  return {
    addresses,
    told,
    counts,
    hasRead: (lines) => until(`${lines} lines`, () => counts.lines >= lines),
    hasTold: (event, times = 1) => until(event, () => told.filter((one) => one === event).length >= times),
    stop,
  };
}
