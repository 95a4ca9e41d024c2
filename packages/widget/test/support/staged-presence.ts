import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { createProblem, type OnlineCount } from "@presence/api-contract";
import { WIDGET_FILE } from "./built.ts";

/** What was asked of a staged server. */
export interface Asked {
  readonly what: string;
  readonly channel: string | null;
  readonly cookie: string | undefined;
}

/** A Presence server that says what it is told to, and remembers what it was asked. */
export interface StagedPresence {
  readonly url: string;
  readonly asked: Asked[];
  count: number;
  stale: boolean;
  /** `false`: every route but the widget answers 503. */
  isUp: boolean;
  /** Answers of the number are made at once, and held back until this is settled. */
  held: Promise<unknown> | null;
  /** Channels there are. */
  channels: string[];
  /** `false`: no stream is given, the rest answers. */
  hasStreams: boolean;
  /** Origins that may count. */
  origins: string[];
  tellStreams(): void;
  close(): Promise<void>;
}

/** The window: short, so that a third of it is a second. */
export const WINDOW_SECONDS = 3;

/** Serves the built widget and the routes it uses on a free port. */
export async function startStagedPresence(): Promise<StagedPresence> {
  const streams = new Set<ServerResponse>();

  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy());
  });

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<unknown> {
    const { method, headers } = request;
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost");
    response.setHeader("cross-origin-resource-policy", "cross-origin");
    response.setHeader("access-control-allow-origin", "*");
    if (pathname === "/widget.js") {
      response.setHeader("content-type", "text/javascript");
      return response.end(await readFile(WIDGET_FILE));
    }
    const isBeat = pathname === "/v1/heartbeat";
    const isAllowed = headers.origin === undefined || staged.origins.includes(headers.origin);
    if (method === "OPTIONS") {
      response.setHeader("access-control-allow-methods", "POST");
      response.setHeader("access-control-allow-headers", "content-type");
      return response.writeHead(isAllowed ? 204 : 403).end();
    }
    const body: unknown = isBeat ? JSON.parse(await text(request)) : null;
    const channel = isBeat ? String(Object.values(body ?? {})[0]) : searchParams.get("channel");
    staged.asked.push({ what: `${method} ${pathname}`, channel, cookie: headers.cookie });
    if (!staged.isUp) return response.writeHead(503).end("{}");
    if (isBeat && !isAllowed) return response.writeHead(403).end("{}");
    if (!staged.channels.includes(channel ?? "")) {
      response.writeHead(403, { "content-type": "application/problem+json" });
      const detail = `This server has no channel ${channel}: PRESENCE_CHANNELS names those it has.`;
      return response.end(JSON.stringify(createProblem("PRESENCE_CHANNEL_NOT_ALLOWED", detail)));
    }
    if (pathname === "/v1/online/stream") {
      if (!staged.hasStreams) return response.writeHead(503).end("{}");
      response.writeHead(200, { "content-type": "text/event-stream" });
      streams.add(response);
      response.on("close", () => streams.delete(response));
      return tell(response);
    }
    response.setHeader("content-type", "application/json");
    const late = JSON.stringify(answer());
    await staged.held;
    return response.end(late);
  }

  function answer(): OnlineCount {
    return {
      channel: "site",
      count: staged.count,
      windowSeconds: WINDOW_SECONDS,
      asOf: "2026-11-24T12:03:07.000Z",
      since: null,
      complete: true,
      stale: staged.stale,
      ageMs: 0,
    };
  }

  function tell(stream: ServerResponse): void {
    stream.write(`event: count\ndata: ${JSON.stringify(answer())}\n\n`);
  }

  const staged: StagedPresence = {
    url: await listen(server, "localhost"),
    asked: [],
    count: 1284,
    stale: false,
    isUp: true,
    held: null,
    hasStreams: true,
    channels: ["site", "page:/pricing"],
    origins: [],
    tellStreams: () => streams.forEach(tell),
    close: () => stop(server),
  };
  return staged;
}

/** A site of its own origin: answers every path with `page`, under `policy`. */
export async function startSite(
  page: () => string,
  policy: () => string,
): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((_request, response) => {
    response.setHeader("content-type", "text/html; charset=utf-8");
    if (policy() !== "") response.setHeader("content-security-policy", policy());
    response.end(page());
  });
  return { url: await listen(server, "127.0.0.1"), close: () => stop(server) };
}

/** Two names for one machine are two sites to a browser: neither sees the other's cookies. */
async function listen(server: Server, name: "localhost" | "127.0.0.1"): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  return `http://${name}:${address.port}`;
}

function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
