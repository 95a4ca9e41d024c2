import type Router from "@koa/router";
import { DEFAULT_CHANNEL } from "@presence/core";
import type { AppDeps } from "../app-deps.ts";

/** `GET /`: counts its visitor, as every page does, and shows them the dashboard. */
export function homeRoutes(router: Router, { callers }: AppDeps): void {
  router.get("/", (ctx) => {
    callers.record(ctx.req, DEFAULT_CHANNEL);
    ctx.redirect("/dashboard/");
  });
}
