import { DEFAULT_CHANNEL } from "@presence/core";
import type { Context, Middleware } from "koa";
import type { Callers } from "../callers.ts";
import { refuse } from "../http/problem.ts";

/** What the router leaves on the context: the routes of this path, whatever their method. */
interface RoutedContext {
  readonly matched?: readonly { readonly methods: readonly string[] }[];
}

/**
 * What no route answered. A path of ours with another method is 405 and records nobody; every other path is a page
 * of somebody's site: recorded, and 404.
 */
export function recordUnrouted(callers: Callers): Middleware {
  return async (ctx) => {
    const methods = methodsOf(ctx);
    if (methods.length === 0) {
      callers.record(ctx.req, DEFAULT_CHANNEL);
      throw refuse("PRESENCE_NOT_FOUND", "Your visit was counted, but there is nothing at this path.");
    }
    const allow = [...methods, "OPTIONS"].join(", ");
    if (ctx.method !== "OPTIONS") {
      throw refuse("PRESENCE_METHOD_NOT_ALLOWED", `This path takes ${allow}.`, { headers: { Allow: allow } });
    }
    ctx.set("Allow", allow);
    ctx.status = 204;
  };
}

function methodsOf(ctx: Context & RoutedContext): readonly string[] {
  return [...new Set((ctx.matched ?? []).flatMap((route) => route.methods))].toSorted();
}
