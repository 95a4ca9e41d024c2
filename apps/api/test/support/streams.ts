import { onTestFinished } from "vitest";
import type { TestApi } from "./api.ts";

/** One event as it came. */
export interface HeardEvent {
  readonly event: string;
  readonly retry: string | undefined;
  readonly data: Record<string, unknown>;
}

/** A client of `GET /v1/online/stream`. */
export interface TestStream {
  readonly response: Response;
  /** Comments so far. */
  readonly comments: () => number;
  /** The next event; `null` when the server has ended the stream. */
  next(): Promise<HeardEvent | null>;
  /** Goes away, as a closed tab does. */
  close(): Promise<void>;
}

/** Opens a stream and reads it until the test ends. */
export async function openStream(
  { get }: Pick<TestApi, "get">,
  query = "",
  headers: Record<string, string> = {},
): Promise<TestStream> {
  const response = await get(`/v1/online/stream${query}`, { headers });
  const reader = (response.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  let comments = 0;
  onTestFinished(() => reader.cancel().catch(() => {}));

  /** The first whole block of what has come, without its empty line. */
  function takeBlock(): string | null {
    const end = rest.indexOf("\n\n");
    if (end === -1) return null;
    const block = rest.slice(0, end);
    rest = rest.slice(end + 2);
    return block;
  }

  return {
    response,
    comments: () => comments,
    async next() {
      for (;;) {
        const block = takeBlock();
        if (block === null) {
          const { done, value = "" } = await reader.read();
          if (done) return null;
          rest += value;
        } else if (block.startsWith(":")) comments += 1;
        else return parseEvent(block);
      }
    },
    close: () => reader.cancel(),
  };
}

function parseEvent(block: string): HeardEvent {
  const fields = new Map(
    block.split("\n").map((line) => [line.slice(0, line.indexOf(": ")), line.slice(line.indexOf(": ") + 2)]),
  );
  return {
    event: fields.get("event") ?? "",
    retry: fields.get("retry"),
    data: JSON.parse(fields.get("data") ?? "") as Record<string, unknown>,
  };
}
