import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { onTestFinished } from "vitest";

/** One request as it arrived. */
export interface Received {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What the server does with one request. */
export type Stage = (response: ServerResponse, request: Received) => void;

/** A server that does what it is told to, and remembers what it was asked. */
export interface StagedServer {
  readonly url: string;
  readonly received: readonly Received[];
  /** Requests that the client let go before they were answered whole. */
  readonly abandoned: () => number;
}

/** Serves the first request with the first stage, and so on; the last serves all that come after. */
export async function startStagedServer(...stages: readonly [Stage, ...Stage[]]): Promise<StagedServer> {
  const received: Received[] = [];
  let abandoned = 0;
  const server = createServer((message, response) => {
    text(message).then(
      (body) => {
        const { pathname, searchParams } = new URL(message.url ?? "/", "http://localhost");
        const query = Object.fromEntries(searchParams);
        const request = {
          method: message.method ?? "",
          path: pathname,
          query,
          headers: message.headers,
          body,
        };
        received.push(request);
        response.on("close", () => {
          if (!response.writableFinished) abandoned += 1;
        });
        stages[Math.min(received.length, stages.length) - 1]?.(response, request);
      },
      () => response.destroy(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  return {
    url: `http://127.0.0.1:${address.port}`,
    received,
    abandoned: () => abandoned,
  };
}

/** Answers JSON. */
export function json(body: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Stage {
  return (response) =>
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
}

/** Answers a text as it is. */
export function plain(body: string, status = 200, headers: Readonly<Record<string, string>> = {}): Stage {
  return (response) => response.writeHead(status, headers).end(body);
}

/** Never answers. */
export const silence: Stage = () => {};

/** Breaks the connection. */
export const breakOff: Stage = (response) => response.destroy();
