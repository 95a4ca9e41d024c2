import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** Options of {@link startProbeServer}. */
export interface ProbeServerOptions {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** What `/ready` answers, and whether with 200 or 503. */
  readonly readiness: () => { readonly isReady: boolean; readonly body: object };
}

/** `/live` and `/ready`, for those that watch the process. */
export interface ProbeServer {
  /** As bound: `http://127.0.0.1:3001`. */
  readonly url: string;
  /** Idempotent. */
  close(): Promise<void>;
}

/** Why the server could not listen, in a sentence for a person. */
export class ListenError extends Error {
  override readonly name = "ListenError";
}

/** A probe is one small request at once: whoever dawdles is none. */
const LIMITS = {
  headersTimeout: 2_000,
  requestTimeout: 2_000,
  connectionsCheckingInterval: 500,
  maxHeaderSize: 8_192,
};
const MOST_CONNECTIONS = 1_000;

/** @throws {ListenError} when the address cannot be had. */
export async function startProbeServer(options: ProbeServerOptions): Promise<ProbeServer> {
  const { host, port, readiness } = options;
  const server = createServer(LIMITS, (request, response) => {
    if (request.method !== "GET" && request.method !== "HEAD") {
      response.setHeader("Allow", "GET, HEAD");
      answer(response, 405, { status: 405, code: "PRESENCE_METHOD_NOT_ALLOWED", title: "Only GET and HEAD" });
      return;
    }
    const [path] = (request.url ?? "").split("?");
    if (path === "/live") {
      answer(response, 200, { status: "live" });
    } else if (path === "/ready") {
      const { isReady, body } = readiness();
      answer(response, isReady ? 200 : 503, body);
    } else {
      answer(response, 404, { status: 404, code: "PRESENCE_NOT_FOUND", title: "There is nothing here" });
    }
  });
  server.maxConnections = MOST_CONNECTIONS;
  await listen(server, host, port);
  let closed: Promise<void> | null = null;
  return { url: urlOf(server.address()), close: () => (closed ??= close(server)) };
}

function answer(response: ServerResponse, status: number, body: object): void {
  const isProblem = "code" in body;
  response.writeHead(status, {
    "Content-Type": isProblem ? "application/problem+json" : "application/json; charset=utf-8",
    "Cache-Control": "no-store",
    // Nobody keeps a place that the next probe needs.
    Connection: "close",
    "X-Content-Type-Options": "nosniff",
  });
  response.end(JSON.stringify(body));
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const why =
        error.code === "EADDRINUSE"
          ? `Port ${port} of ${host} is in use. Stop the program that has it, or set PORT to another one.`
          : `Could not listen on port ${port} of ${host}: ${error.message}`;
      reject(new ListenError(why, { cause: error }));
    });
    server.listen({ host, port }, resolve);
  });
}

function urlOf(address: AddressInfo | string | null): string {
  if (address === null || typeof address === "string") throw new TypeError("the server has no port");
  const host = address.family === "IPv6" ? `[${address.address}]` : address.address;
  return `http://${host}:${address.port}`;
}

async function close(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
}
