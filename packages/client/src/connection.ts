import type { StreamQuery } from "@presence/api-contract";
import type { Caller } from "./call.ts";
import { createEventParser, type ServerSentEvent } from "./events.ts";
import { type Answer, send } from "./exchange.ts";
import { invalidAnswer, timedOut, unreachable } from "./failures.ts";

/** What one connection brings: events, and how long to wait before the next connection. */
export type ConnectionItem = ServerSentEvent | { readonly event: "retry"; readonly retryMs: number };

/** An event has a few hundred characters; who sends more without an end is no Presence. */
const MAX_PENDING_CHARACTERS = 1024 * 1024;

/** Options of {@link openConnection}. */
export interface ConnectionOptions {
  readonly signal: AbortSignal;
  /** Longest silence in milliseconds. */
  readonly idleMs: number;
}

/** Opens one stream and yields what it brings until it ends or goes silent; then it is closed. */
export async function* openConnection(
  caller: Caller,
  query: StreamQuery,
  { signal: outer, idleMs }: ConnectionOptions,
): AsyncGenerator<ConnectionItem, void, undefined> {
  const controller = new AbortController();
  const onAbort = (): void => controller.abort(outer.reason);
  outer.throwIfAborted();
  outer.addEventListener("abort", onAbort, { once: true });
  const path = "/v1/online/stream";
  const target = { method: "GET", url: caller.endpoint.urlOf(path) } as const;
  const within = async <Value>(timeoutMs: number, work: Promise<Value>): Promise<Value> => {
    const timer = setTimeout(() => controller.abort(timedOut(target, timeoutMs)), timeoutMs);
    return await work.finally(() => clearTimeout(timer));
  };
  try {
    const request = { method: "GET", path, query, accept: "text/event-stream" } as const;
    const answer = await within(caller.timeoutMs, send(caller, request, controller.signal));
    const reader = readerOf(answer);
    const items: ConnectionItem[] = [];
    const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
    const parser = createEventParser({
      onEvent: (event) => items.push(event),
      onRetry: (retryMs) => items.push({ event: "retry", retryMs }),
    });
    for (;;) {
      const { done, value } = await within(idleMs, reader.read());
      if (done) return;
      parser.push(decoder.decode(value, { stream: true }));
      if (parser.pending > MAX_PENDING_CHARACTERS) throw invalidAnswer(target, "an event without end");
      yield* items.splice(0);
    }
  } catch (error) {
    if (controller.signal.aborted) throw controller.signal.reason;
    // A body that breaks off throws an error of fetch's own; all others are ours already.
    throw error instanceof TypeError ? unreachable(target, error) : error;
  } finally {
    outer.removeEventListener("abort", onAbort);
    controller.abort();
  }
}

function readerOf({ target, response }: Answer): ReadableStreamDefaultReader<Uint8Array> {
  const mediaType = response.headers.get("content-type") ?? "nothing";
  if (response.body === null || !/^text\/event-stream(?:;|$)/i.test(mediaType)) {
    throw invalidAnswer(target, `${mediaType} instead of text/event-stream`, { status: response.status });
  }
  return response.body.getReader();
}
