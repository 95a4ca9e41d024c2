import type { OnlineCount, Problem, StreamEnd, StreamQuery } from "@presence/api-contract";
import { backOff, type Caller, pause } from "./call.ts";
import { type ConnectionItem, openConnection } from "./connection.ts";
import { PresenceClientError } from "./errors.ts";
import type { ServerSentEvent } from "./events.ts";
import { invalidAnswer } from "./failures.ts";
import { type AnyShape, misfit } from "./shape.ts";
import { ONLINE_COUNT, PROBLEM, STREAM_END } from "./shapes.ts";

/** Options of a stream. */
export interface StreamOptions {
  /** Ends the iteration, without an error. */
  readonly signal?: AbortSignal;
  /** Connect anew after this long without a word, in milliseconds; the server says one each 15 s. @default 45000 */
  readonly idleMs?: number;
}

/**
 * What a stream yields.
 * - `count`: a new count; a stale one says so itself
 * - `unavailable`: the server knows no count any more
 * - `disconnected`: the connection ended and is tried again after `retryInMs`; what came before grows old
 */
export type StreamUpdate =
  | { readonly event: "count"; readonly data: OnlineCount }
  | { readonly event: "unavailable"; readonly data: Problem }
  | {
      readonly event: "disconnected";
      readonly error: PresenceClientError | null;
      readonly retryInMs: number;
    };

const DEFAULT_IDLE_MS = 45_000;
const RECONNECT = { baseMs: 1_000, maxMs: 30_000 };

/** Follows the counts of a channel over as many connections as it takes. */
export async function* followCounts(
  caller: Caller,
  query: StreamQuery,
  { signal = new AbortController().signal, idleMs = DEFAULT_IDLE_MS }: StreamOptions,
): AsyncGenerator<StreamUpdate, void, undefined> {
  let failures = 0;
  while (!signal.aborted) {
    let askedMs = 0;
    let error: PresenceClientError | null = null;
    try {
      for await (const item of openConnection(caller, query, { signal, idleMs })) {
        failures = 0;
        const update = readItem(caller, item);
        if (typeof update === "number") askedMs = update;
        else if (update !== null) yield update;
      }
    } catch (thrown) {
      if (signal.aborted) return;
      if (!isPassing(thrown)) throw thrown;
      error = thrown;
    }
    const retryInMs = Math.max(askedMs, error?.retryAfterMs ?? 0, backOff(failures, RECONNECT));
    failures += 1;
    yield { event: "disconnected", error, retryInMs };
    // Rejects only when the signal aborts, which ends the loop.
    await pause(retryInMs, signal).catch(() => null);
  }
}

/** An update, the milliseconds to wait before connecting again, or `null` for an event of a newer server. */
function readItem(caller: Caller, item: ConnectionItem): StreamUpdate | number | null {
  if ("retryMs" in item) return item.retryMs;
  switch (item.event) {
    case "count":
      return { event: "count", data: readData<OnlineCount>(caller, item, ONLINE_COUNT) };
    case "unavailable":
      return { event: "unavailable", data: readData<Problem>(caller, item, PROBLEM) };
    case "end":
      return readData<StreamEnd>(caller, item, STREAM_END).retryMs;
    default:
      return null;
  }
}

function readData<Value>(caller: Caller, { event, data }: ServerSentEvent, shape: AnyShape): Value {
  const target = { method: "GET", url: caller.endpoint.urlOf("/v1/online/stream") } as const;
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch (cause) {
    throw invalidAnswer(target, `an event ${event} that is not JSON`, { cause });
  }
  const wrong = misfit(value, shape);
  if (wrong !== null) throw invalidAnswer(target, `an event ${event} of another shape (${wrong})`);
  return value as Value;
}

/** Whether connecting again may help: the network and the server's own trouble, not a refusal. */
function isPassing(error: unknown): error is PresenceClientError {
  if (!(error instanceof PresenceClientError)) return false;
  return ["unreachable", "timeout", "failed"].includes(error.kind) || error.status === 429;
}
