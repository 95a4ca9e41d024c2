import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { extname, join } from "node:path";
import { createProblem, type HistoryStep, type ProblemCode } from "@presence/api-contract";
import {
  ADMIN_TOKEN,
  channelsOf,
  diagnosticsOf,
  historyOf,
  jobsOf,
  NOW_MS,
  onlineOf,
  peaksOf,
  pruneOf,
  type Scene,
  uniquesOf,
  visitorsOf,
} from "./scene.ts";

/** The policy that the product serves the dashboard under. */
export const DASHBOARD_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
  "font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; " +
  "require-trusted-types-for 'script'; trusted-types vue";

const DIST = join(import.meta.dirname, "../../dist");
const MEDIA_TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};

/** A server that says what its scene says, in the shapes of the contract. */
export interface StagedServer {
  readonly url: string;
  readonly scene: Scene;
  /** Visitors that were asked to be forgotten, one list per request. */
  readonly forgotten: string[][];
  /** Changes the scene and tells open streams. */
  change(changes: Partial<Scene>): void;
  /** Cuts the streams that are open. */
  cutStreams(): void;
  close(): Promise<void>;
}

/** Serves the built dashboard over a staged API on a free port. */
export async function startStagedServer(scene: Scene): Promise<StagedServer> {
  const streams = new Set<ServerResponse>();
  const forgotten: string[][] = [];
  let resetReason: string | null = null;

  function tell(stream: ServerResponse): void {
    if (scene.store === "unavailable")
      writeEvent(stream, "unavailable", problem("PRESENCE_STORE_UNAVAILABLE"));
    else writeEvent(stream, "count", onlineOf(scene));
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://localhost");
    if (url.pathname.startsWith("/dashboard")) return sendFile(response, url.pathname);
    const refusal = refusalOf(request, url, scene);
    if (refusal !== null) return sendJson(response, problem(refusal).status, problem(refusal));
    const body: unknown = request.method === "POST" ? JSON.parse(await text(request)) : null;
    switch (`${request.method} ${url.pathname}`) {
      case "GET /v1/online":
        return sendJson(response, 200, onlineOf(scene));
      case "GET /v1/online/stream": {
        response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
        streams.add(response);
        response.on("close", () => streams.delete(response));
        return tell(response);
      }
      case "GET /v1/online/visitors": {
        const limit = Number(url.searchParams.get("limit") ?? 50);
        return sendJson(response, 200, visitorsOf(scene, limit, url.searchParams.get("cursor")));
      }
      case "POST /v1/online/forget": {
        const visitors = visitorsIn(body);
        forgotten.push(visitors);
        scene.visitors = scene.visitors.filter(({ visitor }) => !visitors.includes(visitor));
        return sendJson(response, 200, { forgotten: visitors.length });
      }
      case "POST /v1/online/prune":
        return sendJson(response, 200, pruneOf(scene, isDryRun(body)));
      case "GET /v1/channels":
        return sendJson(response, 200, channelsOf(scene, Number(url.searchParams.get("limit") ?? 100)));
      case "GET /v1/diagnostics":
        return sendJson(response, 200, diagnosticsOf(scene));
      case "GET /v1/jobs":
        return sendJson(response, 200, jobsOf(scene));
      case "GET /v1/history":
        return sendJson(response, 200, historyOf(scene, stepOf(url), fromOf(url)));
      case "GET /v1/uniques":
        return sendJson(response, 200, uniquesOf(scene, Number(url.searchParams.get("days") ?? 7)));
      case "DELETE /v1/peaks":
        resetReason = url.searchParams.get("reason");
        return sendJson(response, 200, peaksOf(scene, resetReason));
      case "GET /v1/peaks":
        return sendJson(response, 200, peaksOf(scene, resetReason));
      default:
        return sendJson(response, 404, problem("PRESENCE_NOT_FOUND"));
    }
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) =>
      response.destroy(error instanceof Error ? error : undefined),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The staged server has no port.");

  return {
    url: `http://localhost:${address.port}`,
    scene,
    forgotten,
    change(changes) {
      Object.assign(scene, changes);
      for (const stream of streams) tell(stream);
    },
    cutStreams() {
      for (const stream of streams) stream.destroy();
    },
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** Why the request is refused, as the product would: by its token, or because the store is away. */
function refusalOf(
  { method, headers }: IncomingMessage,
  { pathname }: URL,
  scene: Scene,
): ProblemCode | null {
  const token = /^Bearer (.*)$/.exec(headers.authorization ?? "")?.[1];
  const isKnown = token !== undefined && scene.tokens.includes(token);
  const isCount = pathname === "/v1/online" || pathname === "/v1/online/stream";
  const isHistory = method === "GET" && ["/v1/history", "/v1/peaks", "/v1/uniques"].includes(pathname);
  if (isCount || isHistory ? !scene.isPublic && !isKnown : !isKnown) return "PRESENCE_UNAUTHORIZED";
  if (!isCount && !isHistory && token !== ADMIN_TOKEN) return "PRESENCE_FORBIDDEN";
  if (pathname === "/v1/online/stream") return scene.hasStreams ? null : "PRESENCE_STREAMS_FULL";
  const isStored = !isHistory && pathname !== "/v1/diagnostics" && pathname !== "/v1/jobs";
  if (scene.store === "unavailable" && isStored) return "PRESENCE_STORE_UNAVAILABLE";
  return scene.store === "stale" && isStored && !isCount ? "PRESENCE_STORE_UNAVAILABLE" : null;
}

function problem(code: ProblemCode) {
  return createProblem(code, "Staged.");
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" });
  response.end(JSON.stringify(body));
}

function writeEvent(response: ServerResponse, event: string, data: unknown): void {
  response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
}

async function sendFile(response: ServerResponse, path: string): Promise<void> {
  const name = path.replace(/^\/dashboard\/?/, "");
  const file = extname(name) === "" ? "index.html" : name;
  const content = await readFile(join(DIST, file)).catch(() => null);
  if (content === null) return sendJson(response, 404, problem("PRESENCE_NOT_FOUND"));
  response.writeHead(200, {
    "content-type": MEDIA_TYPES[extname(file)] ?? "application/octet-stream",
    "content-security-policy": DASHBOARD_POLICY,
  });
  response.end(content);
}

function visitorsIn(body: unknown): string[] {
  const list: unknown =
    typeof body === "object" && body !== null && "visitors" in body ? body.visitors : null;
  return Array.isArray(list) ? list.map(String) : [];
}

function isDryRun(body: unknown): boolean {
  return typeof body === "object" && body !== null && "dryRun" in body && body.dryRun === true;
}

function stepOf({ searchParams }: URL): HistoryStep {
  const step = searchParams.get("step");
  return step === "hour" || step === "day" ? step : "minute";
}

function fromOf({ searchParams }: URL): number {
  return Math.min(Date.parse(searchParams.get("from") ?? ""), NOW_MS - 1) || NOW_MS - 3_600_000;
}
