import type { StreamEnd } from "@presence/api-contract";
import { endEvent } from "./events.ts";

/** A reader with more than this unsent, in bytes, does not keep up. */
export const MAX_UNSENT_BYTES: number = 64 * 1024;

/** Readers that were told to connect again do so between one and six seconds later. */
const RETRY_MS = { least: 1_000, spread: 5_000 };

/** How long a reader may take to receive the end, in milliseconds. */
const END_GRACE_MS = 2_000;

/** The answer of a request, as far as a stream writes to it. */
export interface StreamResponse {
  /** Bytes that were written and are not sent. */
  readonly writableLength: number;
  write(bytes: Buffer): unknown;
  end(bytes: Buffer): unknown;
  destroy(): unknown;
  once(event: "close", listener: () => void): unknown;
}

/** One client that follows a channel. */
export interface StreamReader {
  /** Sends events; a reader that does not keep up is ended instead of kept in memory. */
  send(bytes: Buffer): void;
  /** Sends the last event and closes the connection. Idempotent. */
  end(reason: StreamEnd["reason"]): void;
}

/** A {@link StreamReader} that writes to `response`. `onSlow` is called when it ends because it is slow. */
export function createStreamReader(response: StreamResponse, onSlow: () => void): StreamReader {
  let isEnding = false;

  function end(reason: StreamEnd["reason"]): void {
    if (isEnding) return;
    isEnding = true;
    const retryMs = Math.round(RETRY_MS.least + Math.random() * RETRY_MS.spread);
    response.end(endEvent({ reason, retryMs }));
    const late = setTimeout(() => response.destroy(), END_GRACE_MS);
    response.once("close", () => clearTimeout(late));
  }

  return {
    send(bytes) {
      if (isEnding) return;
      response.write(bytes);
      if (response.writableLength <= MAX_UNSENT_BYTES) return;
      end("slow");
      onSlow();
    },
    end,
  };
}
