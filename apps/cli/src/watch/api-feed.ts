import { isUnavailable, type PresenceClient, PresenceClientError } from "@presence/client";
import type { ConnectedApi } from "../source/api/connect.ts";
import type { CountFeed, FeedOptions, FeedUpdate } from "./feed.ts";
import { pause } from "./pause.ts";

/** A stream that brings nothing for this long after it was asked for never will, in milliseconds. */
const FIRST_EVENT_MS = 10_000;

/** A stream says a word each 15 s; one that says none for this long is gone, in milliseconds. */
const IDLE_MS = 20_000;

/** Streams the counts of an API, or asks again and again where that cannot be. */
export function apiFeed({ name, client }: ConnectedApi, options: FeedOptions): CountFeed {
  return {
    name,
    async *updates(signal) {
      const first = await askOnce(client, options, signal);
      if (first === null) return;
      yield first;
      yield* streamed(client, options, signal);
      yield* polled(client, options, signal);
    },
    async close() {},
  };
}

/**
 * What the stream brings. It ends, before `signal` aborts, where there is none to be had: an older server, a proxy
 * that holds events back, too many streams.
 */
async function* streamed(
  client: PresenceClient,
  { channel }: FeedOptions,
  signal: AbortSignal,
): AsyncGenerator<FeedUpdate, void, undefined> {
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(), FIRST_EVENT_MS);
  let hasStreamed = false;
  try {
    const options = { signal: AbortSignal.any([signal, silence.signal]), idleMs: IDLE_MS };
    for await (const update of client.stream({ channel }, options)) {
      if (update.event === "disconnected") {
        const { error } = update;
        if (!hasStreamed) {
          if (error !== null && error.kind !== "unreachable") return;
          timer.refresh();
        }
        // Until it broke, no event meant no change; of one that went silent nobody knows since when.
        const silentMs = error?.kind === "timeout" ? IDLE_MS : 0;
        yield { kind: "lost", reason: error?.message ?? "the server closed the stream", silentMs };
        continue;
      }
      clearTimeout(timer);
      hasStreamed = true;
      yield update.event === "count"
        ? { kind: "count", count: update.data, how: "live" }
        : { kind: "unavailable", reason: update.data.detail };
    }
  } catch (error) {
    if (!(error instanceof PresenceClientError)) throw error;
    // Refused, or no stream at all. Where asking is refused too, that says why.
  } finally {
    clearTimeout(timer);
  }
}

async function* polled(
  client: PresenceClient,
  options: FeedOptions,
  signal: AbortSignal,
): AsyncGenerator<FeedUpdate, void, undefined> {
  while (!signal.aborted) {
    const update = await askAgain(client, options, signal);
    if (update === null) return;
    yield update;
    await pause(options.everyMs, signal);
  }
}

/** The first answer. Who cannot be reached is most likely misnamed, and is no outage to wait for. */
async function askOnce(
  client: PresenceClient,
  { channel }: FeedOptions,
  signal: AbortSignal,
): Promise<FeedUpdate | null> {
  try {
    return { kind: "count", count: await client.online({ channel }, { signal }), how: "polled" };
  } catch (error) {
    if (signal.aborted) return null;
    if (error instanceof PresenceClientError && error.problem?.status === 503) {
      return { kind: "unavailable", reason: error.problem.detail };
    }
    throw error;
  }
}

async function askAgain(
  client: PresenceClient,
  options: FeedOptions,
  signal: AbortSignal,
): Promise<FeedUpdate | null> {
  try {
    return await askOnce(client, options, signal);
  } catch (error) {
    const isPassing = isUnavailable(error) || (error instanceof PresenceClientError && error.status === 429);
    if (isPassing) return { kind: "lost", reason: error.message, silentMs: 0 };
    throw error;
  }
}
