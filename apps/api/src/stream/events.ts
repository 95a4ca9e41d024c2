import type { Problem, StreamEnd } from "@presence/api-contract";
import { onlineCountJson } from "@presence/core";
import type { News } from "./news.ts";

/** A comment: nothing to a reader, but a sign of life to it and to every proxy on the way. */
export const KEEP_ALIVE: Buffer = Buffer.from(":\n\n");

/** A channel's news as the bytes that every reader of it is sent. */
export function newsEvent(news: News): Buffer {
  const data = news.event === "count" ? onlineCountJson(news.count) : news.problem;
  return eventBytes(news.event, data);
}

/** The last event of a stream; `retry` says the same to a browser's own `EventSource`. */
export function endEvent(end: StreamEnd): Buffer {
  return eventBytes("end", end, `retry: ${end.retryMs}\n`);
}

function eventBytes(event: string, data: object | Problem, more = ""): Buffer {
  return Buffer.from(`event: ${event}\n${more}data: ${JSON.stringify(data)}\n\n`);
}
