import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setImmediate as breathe, setTimeout as delay } from "node:timers/promises";
import { createGuard } from "./server/guard.ts";
import { CHECK_CONNECTIONS_EVERY_MS, DEFAULT_LIMITS, type ServerLimits } from "./server/limits.ts";
import { listen, type ListenOptions } from "./server/listen.ts";
import { createStalls } from "./server/stalls.ts";

const CLOSE_IDLE_EVERY_MS = 50;

/** Longest wait for that quiet, in milliseconds: a proxy that asks nobody about readiness never stops sending. */
const MAX_FAREWELL_MS = 1_000;

/** From this part of all connections on, idle ones are closed to make room: a request on its way to one is lost. */
const CROWDED = 0.98;

/** Options of {@link startServer}. */
export interface StartServerOptions extends ListenOptions {
  readonly limits?: Partial<ServerLimits>;
}

/** A server that listens. */
export interface StartedServer {
  /** As bound: `http://127.0.0.1:3000`. */
  readonly url: string;
  /**
   * Parts from those that ask, stops accepting, lets requests under way end, then closes what is left. Idempotent.
   */
  close(): Promise<void>;
}

/** @throws {ListenError} when the address cannot be had. */
export async function startServer(
  handle: RequestListener,
  options: StartServerOptions,
): Promise<StartedServer> {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  /** When somebody last asked a server that closes; `null` before it does. */
  let askedMs: number | null = null;
  const stalls = createStalls({ everyMs: CHECK_CONNECTIONS_EVERY_MS, keptMs: limits.requestMs });
  const guard = createGuard(handle, limits, stalls.awakeMs);
  let checking: NodeJS.Timeout | undefined;
  const server = createServer(
    {
      connectionsCheckingInterval: CHECK_CONNECTIONS_EVERY_MS,
      headersTimeout: limits.headersMs,
      requestTimeout: limits.requestMs,
      keepAliveTimeout: limits.keepAliveMs,
      maxHeaderSize: limits.maxHeaderBytes,
      keepAlive: true,
      noDelay: true,
      // Node's own refusal is an empty one.
      requireHostHeader: false,
    },
    take,
  );

  function take(...[request, response]: Parameters<RequestListener>): void {
    if (askedMs !== null) {
      askedMs = performance.now();
      response.setHeader("Connection", "close");
    }
    guard.take(request, response);
  }

  server.maxConnections = limits.maxConnections;
  server.on("clientError", guard.onBroken);
  // Nobody has to meet an expectation it does not know (RFC 9110, 10.1.1).
  server.on("checkExpectation", take);
  // Ahead of Node's own look at connections, which begins as it listens: what a client sent while this process stood
  // still is read after that look, which would close it for having sent nothing.
  server.prependOnceListener("listening", () => {
    checking = setInterval(check, CHECK_CONNECTIONS_EVERY_MS).unref();
  });
  await listen(server, options);

  function check(): void {
    stalls.look();
    const stoodMs = stalls.recentMs();
    server.headersTimeout = limits.headersMs + stoodMs;
    server.requestTimeout = limits.requestMs + stoodMs;
    guard.check();
    void makeRoom(server, limits.maxConnections);
  }

  async function sayFarewell(): Promise<void> {
    const startedMs = performance.now();
    askedMs = startedMs;
    if ((await connectionsOf(server)) === 0) return;
    while (performance.now() - askedMs < limits.quietMs && performance.now() - startedMs < MAX_FAREWELL_MS) {
      await delay(CLOSE_IDLE_EVERY_MS);
    }
    // Whoever knocked meanwhile is let in first: the system resets those who wait at a door that is closed.
    await breathe();
  }

  async function end(): Promise<void> {
    const late = setTimeout(() => server.closeAllConnections(), limits.drainMs);
    await sayFarewell();
    await drain(server);
    clearTimeout(late);
    clearInterval(checking);
  }

  let closed: Promise<void> | undefined;
  return { url: urlOf(server.address()), close: () => (closed ??= end()) };
}

/** Whoever has nothing to say makes room for whoever has, before the last place is taken. */
async function makeRoom(server: Server, maxConnections: number): Promise<void> {
  if ((await connectionsOf(server)) > CROWDED * maxConnections) server.closeIdleConnections();
}

function connectionsOf(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.getConnections((error, count) => (error === null ? resolve(count) : reject(error)));
  });
}

function urlOf(address: AddressInfo | string | null): string {
  if (address === null || typeof address === "string") throw new TypeError("the server has no port");
  const host = address.family === "IPv6" ? `[${address.address}]` : address.address;
  return `http://${host}:${address.port}`;
}

async function drain(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  // A connection that ends its request now would be kept alive, and close() waits for it.
  const idle = setInterval(() => server.closeIdleConnections(), CLOSE_IDLE_EVERY_MS);
  await closed;
  clearInterval(idle);
}
