import type { IncomingMessage } from "node:http";
import { createCounter } from "./counter.ts";
import { FAILED } from "./guard.ts";
import { type PresenceHandle, withHandle } from "./handle.ts";
import { createMessageRecorder } from "./node-http.ts";
import type { PresenceOptions } from "./options.ts";

/** What only handlers of `(Request) => Response` need. */
export interface FetchOptions {
  /**
   * The address a request came from, `unix` for a Unix socket, `undefined` where it cannot be told; `args` is
   * what the server hands to a handler beside the request. @default as Hono's Node server, Deno and Bun tell it
   */
  readonly peer?: (request: Request, ...args: readonly unknown[]) => string | undefined;
}

/** Wraps a handler, and is the handle. */
export type FetchPresence = (<Args extends readonly unknown[], Answer>(
  handler: (request: Request, ...args: Args) => Answer,
) => (request: Request, ...args: Args) => Answer) &
  PresenceHandle;

/**
 * Counts the visitors of any handler of `(Request) => Response`.
 *
 * @example
 * const online = presence({ redis: "redis://localhost:6379", trustedProxies: ["loopback"] });
 * serve({ fetch: online(app.fetch) });
 *
 * @throws {PresenceError | ClientAddressError | PresenceClientError} for an option that cannot be used.
 */
export function presence(options: PresenceOptions<Request> & FetchOptions): FetchPresence {
  const { peer, clientHeader = "x-forwarded-for" } = options;
  const counter = createCounter(options);
  const recordMessage = createMessageRecorder(counter);

  function record(request: Request, args: readonly unknown[]): void {
    const [info] = args;
    // Node's own headers are there already, those of the request are made when first looked at.
    if (peer === undefined && hasMessage(info)) return recordMessage(request, info.incoming);
    const from = counter.guard.call("peer", () => (peer ?? peerOfInfo)(request, ...args));
    counter.record(request, from === FAILED ? undefined : from, {
      "user-agent": request.headers.get("user-agent") ?? undefined,
      [clientHeader.toLowerCase()]: request.headers.get(clientHeader) ?? undefined,
    });
  }

  return withHandle(
    <Args extends readonly unknown[], Answer>(handler: (request: Request, ...args: Args) => Answer) =>
      (request: Request, ...args: Args): Answer => {
        counter.guard.call("presence", () => record(request, args));
        return handler(request, ...args);
      },
    counter,
  );
}

/** What Hono's Node server hands to a handler. */
function hasMessage(info: unknown): info is { readonly incoming: IncomingMessage } {
  return isObject(info) && "incoming" in info && isObject(info.incoming) && "socket" in info.incoming;
}

/** Deno's `info` has the address, Bun's server answers it. */
function peerOfInfo(request: Request, info: unknown): string | undefined {
  if (!isObject(info)) return undefined;
  if ("remoteAddr" in info && isObject(info.remoteAddr)) {
    if ("hostname" in info.remoteAddr) return String(info.remoteAddr.hostname);
    return "path" in info.remoteAddr ? "unix" : undefined;
  }
  if (!("requestIP" in info) || typeof info.requestIP !== "function") return undefined;
  const found: unknown = info.requestIP(request);
  return isObject(found) && "address" in found ? String(found.address) : undefined;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

export type * from "./types.ts";
