import { request } from "node:http";
import { expect } from "vitest";

/** All that a client sees of an answer, but when it was sent. */
export interface SeenAnswer {
  readonly status: number | undefined;
  readonly headers: readonly string[];
  readonly body: string;
}

const REQUESTS: readonly (readonly [method: string, path: string])[] = [
  ["GET", "/"],
  ["HEAD", "/"],
  ["GET", "/json"],
  ["POST", "/echo"],
  ["GET", "/stream"],
  ["GET", "/fail"],
  ["GET", "/nowhere"],
  ["OPTIONS", "/json"],
];

/** Asks two applications the same and expects the same of both. */
export async function expectSameAnswers(one: string, other: string): Promise<void> {
  for (const [method, path] of REQUESTS) {
    const [seen, expected] = await Promise.all([ask(other, method, path), ask(one, method, path)]);
    expect(seen, `${method} ${path}`).toEqual(expected);
  }
}

/** One request, its answer as it came over the wire: `fetch` would hide some of it. */
export function ask(url: string, method: string, path: string): Promise<SeenAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<SeenAnswer>();
  const headers = { "Content-Type": "text/plain", "X-Forwarded-For": "203.0.113.77" };
  const sent = request(`${url}${path}`, { method, headers, agent: false }, (response) => {
    let body = "";
    response.setEncoding("utf8").on("data", (chunk: string) => {
      body += chunk;
    });
    response.on("error", reject).on("end", () => {
      const { statusCode: status, rawHeaders } = response;
      const lines = rawHeaders.map((text, index) => (rawHeaders[index - 1] === "Date" ? "now" : text));
      resolve({ status, headers: lines, body });
    });
  });
  sent.on("error", reject).end(method === "POST" ? "as it was sent" : undefined);
  return promise;
}
