import { createPresenceClient, isUnavailable } from "@presence/client";
import {
  type CountOptions,
  createCountReader,
  DEFAULT_CHANNEL,
  type OnlineCount,
  PresenceError,
  type Recorder,
  withDeadline,
} from "@presence/core";

/** Longest a count takes, in milliseconds. */
const COUNT_MS = 1_000;

/** Options of {@link createServerCount}. */
export interface ServerCountOptions {
  readonly url: string | URL;
  readonly token: string | undefined;
  /** Whose sightings are sent ahead. */
  readonly recorder: Recorder;
  readonly windowSeconds: number;
  /** In milliseconds; ages are measured by it. */
  readonly nowMs: () => number;
}

/** Asks a Presence server how many are online; as {@link PresenceHandle.count}. */
export function createServerCount(
  options: ServerCountOptions,
): (countOptions: CountOptions) => Promise<OnlineCount> {
  const { url, token, recorder, windowSeconds, nowMs } = options;
  const client = createPresenceClient({ url, token, timeoutMs: COUNT_MS, retries: 0 });
  let knownLosses = 0;
  let gapMs = -Infinity;

  async function ask(channel: string, window: number): Promise<OnlineCount> {
    const isWritten = await recorder.flushChannel(channel);
    const { asOf, since, bots, ...answer } = await client.online({ channel, window }).catch(rethrow);
    if (recorder.losses() > knownLosses) gapMs = nowMs();
    knownLosses = recorder.losses();
    // The server cannot know what this process dropped, or has not got rid of yet.
    const isWhole = isWritten && nowMs() - gapMs > windowSeconds * 1_000;
    return {
      ...answer,
      asOfMs: Date.parse(asOf),
      sinceMs: since === null ? null : Date.parse(since),
      complete: answer.complete && isWhole,
      ...(bots === undefined ? {} : { bots }),
    };
  }

  const reader = createCountReader({
    ask: (channel, window) => withDeadline(ask(channel, window), COUNT_MS, "counting"),
    hasWaiting: (channel) => recorder.hasWaiting(channel),
    nowMs,
  });
  return ({ channel = DEFAULT_CHANNEL, windowSeconds: window = windowSeconds }) =>
    reader.count(channel, window);
}

/** A server that is away is a store that is away; whatever else it says keeps its own code. */
function rethrow(error: unknown): never {
  if (!isUnavailable(error)) throw error;
  throw new PresenceError("PRESENCE_STORE_UNAVAILABLE", error.message, { cause: error });
}
