import type Router from "@koa/router";
import { streamRoutes as contracts } from "@presence/api-contract";
import type { AppDeps } from "../app-deps.ts";
import { assertChannelAllowed } from "../http/channel.ts";
import { addStreamedRoute } from "../http/contract-route.ts";

const STREAM_HEADERS = {
  "Content-Type": "text/event-stream; charset=utf-8",
  // A proxy that packs or collects what passes would hold events back.
  "Cache-Control": "no-store, no-transform",
  "X-Accel-Buffering": "no",
  // The stream lasts as long as its connection: without chunks, an event's bytes are the same for every reader.
  Connection: "close",
};

/** `GET /v1/online/stream`: the count as it changes. */
export function streamRoutes(router: Router, deps: AppDeps): void {
  const { callers, streams } = deps;

  addStreamedRoute(router, deps, contracts.streamOnline, ({ ctx, query: { channel }, isOpen }) => {
    if (isOpen) assertChannelAllowed(deps, channel);
    const client = callers.limitedAs(ctx.req);
    streams.assertRoom(client);
    const { res: response } = ctx;
    response.removeHeader("Transfer-Encoding");
    response.writeHead(200, STREAM_HEADERS);
    if (ctx.method === "HEAD") {
      response.end();
      return;
    }
    response.flushHeaders();
    // Koa watches an answer until this event and keeps its context for as long: 3 KB a stream, for hours.
    response.emit("end");
    streams.open(response, { channel, client });
  });
}
