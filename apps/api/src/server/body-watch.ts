import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { ServerLimits } from "./limits.ts";

/** Looks after bodies on their way, whether anybody reads them or not. */
export interface BodyWatch {
  /** Begins to watch the body of a request, if it has one. */
  add(request: IncomingMessage, response: ServerResponse): void;
  /** The answer to the request whose body is on its way over a connection, or `null`. */
  responseOf(socket: Socket): ServerResponse | null;
  /** Ends those that take too long. */
  check(): void;
}

/** Options of {@link createBodyWatch}. */
export interface BodyWatchOptions {
  readonly limits: Pick<ServerLimits, "bodyGraceMs" | "bodyBytesPerSecond">;
  /** Any steady clock, in milliseconds. */
  readonly nowMs: () => number;
  /** Ends a request that took too long. */
  readonly onSlow: (response: ServerResponse) => void;
}

interface Body {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly startedMs: number;
  /** What the connection had brought before. */
  readonly startedBytes: number;
}

/**
 * A body has to bring a number of bytes a second once a time of grace is over. One whose request is answered already
 * (refused for its size, or of a route that reads none) is thrown away as it comes, for as long as that grace: a
 * client that is cut off while it sends never reads the answer.
 */
export function createBodyWatch({ limits, nowMs, onSlow }: BodyWatchOptions): BodyWatch {
  let bodies: Body[] = [];

  function isOver({ request, response, startedMs, startedBytes }: Body, now: number): boolean {
    const { bodyGraceMs, bodyBytesPerSecond } = limits;
    const lateMs = now - startedMs - bodyGraceMs;
    if (lateMs <= 0) return false;
    if (response.writableEnded) return true;
    return request.socket.bytesRead - startedBytes < (lateMs / 1_000) * bodyBytesPerSecond;
  }

  return {
    add(request, response) {
      const { headers, socket } = request;
      if (headers["content-length"] === undefined && headers["transfer-encoding"] === undefined) return;
      bodies.push({ request, response, startedMs: nowMs(), startedBytes: socket.bytesRead });
    },
    responseOf(socket) {
      const body = bodies.findLast(({ request }) => request.socket === socket && !request.complete);
      return body?.response ?? null;
    },
    check() {
      const now = nowMs();
      const underWay = bodies.filter(({ request }) => !request.complete && !request.socket.destroyed);
      const over = underWay.filter((body) => isOver(body, now));
      bodies = over.length === 0 ? underWay : underWay.filter((body) => !over.includes(body));
      for (const { request, response } of over) {
        if (response.headersSent) request.socket.destroy();
        else onSlow(response);
      }
    },
  };
}
