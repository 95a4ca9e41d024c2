import type { Endpoint, Query } from "./endpoint.ts";
import { invalidAnswer, redirected, refused, type Target, unreachable } from "./failures.ts";

/** One request as a method of the client means it. */
export interface Request {
  readonly method: "GET" | "POST" | "DELETE";
  readonly path: string;
  readonly query?: Query;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly accept: "application/json" | "text/plain" | "text/event-stream";
  /** Statuses that carry the answer. @default [200] */
  readonly statuses?: readonly number[];
}

/** An answer whose status is one of those meant. */
export interface Answer {
  readonly target: Target;
  readonly response: Response;
}

/** More than any answer of Presence: a server that sends without end is none. */
const MAX_ANSWER_BYTES = 32 * 1024 * 1024;

/** What {@link send} sends with. */
export interface Sender {
  readonly endpoint: Endpoint;
  readonly fetch: typeof globalThis.fetch;
}

/** Sends one request and waits for the head of its answer; whatever is not meant is thrown. */
export async function send(sender: Sender, request: Request, signal: AbortSignal): Promise<Answer> {
  const { method, path, query, body, accept, statuses = [200] } = request;
  const url = sender.endpoint.urlOf(path, query);
  const target: Target = { method, url };
  const headers: Record<string, string> = { accept, ...sender.endpoint.headers };
  if (body !== undefined) headers["content-type"] = "application/json";
  const { fetch } = sender;
  let response: Response;
  try {
    response = await fetch(url, {
      method,
      headers,
      signal,
      redirect: "manual",
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch (error) {
    throw signal.aborted ? signal.reason : unreachable(target, error);
  }
  if (statuses.includes(response.status)) return { target, response };
  const text = await readText({ target, response }, signal);
  if (response.type === "opaqueredirect" || (response.status >= 300 && response.status < 400)) {
    throw redirected(target, response);
  }
  throw refused(target, response, text);
}

/** The whole body as text. */
export async function readText({ target, response }: Answer, signal: AbortSignal): Promise<string> {
  if (response.body === null) return "";
  // Not every runtime can iterate over a stream.
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return text + decoder.decode();
      bytes += value.byteLength;
      if (bytes > MAX_ANSWER_BYTES) break;
      text += decoder.decode(value, { stream: true });
    }
    await reader.cancel();
  } catch (error) {
    throw signal.aborted ? signal.reason : unreachable(target, error);
  }
  throw invalidAnswer(target, `more than ${MAX_ANSWER_BYTES} bytes`);
}
