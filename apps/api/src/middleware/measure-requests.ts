import type { Context, Middleware } from "koa";
import type { AnsweredRequest } from "../metrics/http-metrics.ts";
import { isMirrored, MIRROR } from "./mirror.ts";

/** What the router leaves on the context: the template of the route that took the request. */
interface RoutedContext {
  readonly _matchedRoute?: string | RegExp;
}

/** Tells how long each request took, and by which route, of which there are few whatever paths people try. */
export function measureRequests(
  onRequest: (request: AnsweredRequest) => void,
  steadyMs: () => number,
): Middleware {
  return async (ctx, next) => {
    const startedMs = steadyMs();
    await next();
    const seconds = (steadyMs() - startedMs) / 1_000;
    onRequest({ method: ctx.method, route: routeOf(ctx), status: ctx.status, seconds });
  };
}

function routeOf({ path, _matchedRoute: route }: Context & RoutedContext): string {
  if (route === undefined) return isMirrored(path) ? `${MIRROR}/*` : "other";
  return typeof route === "string" ? route : readable(route);
}

/** `^\/dashboard\/.*$` as `/dashboard/*`. */
function readable({ source }: RegExp): string {
  return source.replaceAll(/[\\^$]/g, "").replaceAll(".*", "*");
}
