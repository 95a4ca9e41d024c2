import type { Logger } from "@presence/service-kit";
import type { Middleware } from "koa";

/** One line a request, without its query: a query is where people put what should not be in a log. */
export function logRequests(logger: Logger, steadyMs: () => number): Middleware {
  return async (ctx, next) => {
    const startedMs = steadyMs();
    await next();
    const elapsedMs = Math.round(steadyMs() - startedMs);
    logger.debug({ method: ctx.method, path: ctx.path, status: ctx.status, elapsedMs }, "request");
  };
}
