import { DEFAULT_CHANNEL } from "@presence/core";
import type { Middleware } from "koa";
import type { Callers } from "../callers.ts";

/** Where a proxy sends copies of its traffic. */
export const MIRROR = "/mirror";

/**
 * `ANY /mirror/*` records the caller and answers 204, whatever the path below it is and without reading the body:
 * where a proxy sends copies of its real traffic.
 */
export function recordMirrored(callers: Callers): Middleware {
  return (ctx, next) => {
    if (!isMirrored(ctx.path)) return next();
    callers.record(ctx.req, DEFAULT_CHANNEL);
    ctx.status = 204;
    return Promise.resolve();
  };
}

/** Whether a path is {@link MIRROR} or below it. */
export function isMirrored(path: string): boolean {
  return path.startsWith(MIRROR) && (path.length === MIRROR.length || path[MIRROR.length] === "/");
}
