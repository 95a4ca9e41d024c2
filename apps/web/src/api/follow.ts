import type { OnlineCount, StreamEnd } from "@presence/api-contract";
import type { Api } from "./client.ts";
import { readEvents } from "./events.ts";
import { ApiError } from "./problem.ts";

/** What is heard of the number. */
export type Heard =
  | { readonly kind: "count"; readonly count: OnlineCount; readonly via: "stream" | "poll" }
  /** The server knows no value any more. */
  | { readonly kind: "unavailable" }
  /** The server cannot be reached. */
  | { readonly kind: "unreachable" }
  /** The number is not public, and there is no token that may read it. */
  | { readonly kind: "locked" };

const POLL_MS = 5_000;
const POLL_TIMEOUT_MS = 4_000;
/** The server writes a comment each 15 s; a stream silent for two of them is dead. */
const SILENCE_MS = 35_000;
/** A proxy that holds a stream back lets nothing through: after this long without a word the number is asked for. */
const FIRST_WORD_MS = 2_500;
const RETRY_MS = [500, 2_000, 5_000, 10_000, 30_000];

/**
 * Follows the number: over the stream, and by asking each 5 s for as long as there is none. Goes on whatever
 * fails, until the returned function is called.
 */
export function followOnline(api: Pick<Api, "online" | "stream">, tell: (heard: Heard) => void): () => void {
  const ending = new AbortController();
  let failures = 0;
  let pollTimer: ReturnType<typeof setTimeout> | undefined;
  let streamTimer: ReturnType<typeof setTimeout> | undefined;
  let isStreaming = false;

  async function openStream(): Promise<void> {
    const attempt = new AbortController();
    const signal = AbortSignal.any([ending.signal, attempt.signal]);
    let silence = setTimeout(() => attempt.abort(), SILENCE_MS);
    let retryMs: number | undefined;
    try {
      const { body } = await api.stream(signal);
      if (body === null) throw new ApiError(0, "", "The stream has no body.");
      for await (const { event, data } of readEvents(body)) {
        clearTimeout(silence);
        silence = setTimeout(() => attempt.abort(), SILENCE_MS);
        if (event === "count") {
          isStreaming = true;
          failures = 0;
          const count: OnlineCount = JSON.parse(data);
          tell({ kind: "count", count, via: "stream" });
        } else if (event === "unavailable") {
          isStreaming = true;
          failures = 0;
          tell({ kind: "unavailable" });
        } else if (event === "end") {
          const end: StreamEnd = JSON.parse(data);
          retryMs = end.retryMs;
          break;
        }
      }
    } catch {
      // Whatever ended the stream, asking goes on and tells what is the matter.
    } finally {
      clearTimeout(silence);
      attempt.abort();
    }
    if (ending.signal.aborted) return;
    isStreaming = false;
    void poll();
    // What the server says is spread over its clients already.
    retryMs ??= (RETRY_MS[Math.min(failures, RETRY_MS.length - 1)] ?? 0) * (0.8 + Math.random() * 0.4);
    failures += 1;
    streamTimer = setTimeout(() => void openStream(), retryMs);
  }

  async function poll(): Promise<void> {
    clearTimeout(pollTimer);
    if (isStreaming || ending.signal.aborted) return;
    const signal = AbortSignal.any([ending.signal, AbortSignal.timeout(POLL_TIMEOUT_MS)]);
    const heard = await api.online(signal).then(
      (count): Heard => ({ kind: "count", count, via: "poll" }),
      (error: unknown) => heardOf(error),
    );
    if (isStreaming || ending.signal.aborted) return;
    tell(heard);
    clearTimeout(pollTimer);
    pollTimer = setTimeout(() => void poll(), POLL_MS);
  }

  void openStream();
  pollTimer = setTimeout(() => void poll(), FIRST_WORD_MS);
  return () => {
    ending.abort();
    clearTimeout(pollTimer);
    clearTimeout(streamTimer);
  };
}

function heardOf(error: unknown): Heard {
  if (!(error instanceof ApiError)) return { kind: "unreachable" };
  if (error.status === 401 || error.status === 403) return { kind: "locked" };
  // A proxy's 502 says that the server is away, not that the number is.
  return error.code.startsWith("PRESENCE_STORE") ? { kind: "unavailable" } : { kind: "unreachable" };
}
