import type Router from "@koa/router";
import { healthRoutes as contracts } from "@presence/api-contract";
import type { AppDeps } from "../app-deps.ts";
import { addRoute } from "../http/contract-route.ts";

/** `/live` and `/ready`, for those that watch the process. */
export function probeRoutes(router: Router, deps: AppDeps): void {
  const { health, presence } = deps;

  addRoute(router, deps, contracts.getLive, () => ({ status: "live" }) as const);

  // A lost store is an alert and no reason to take away a process that still answers: the status stays 200.
  addRoute(router, deps, contracts.getReady, ({ ctx }) => {
    const isReady = health.phase === "ready";
    ctx.status = isReady ? 200 : 503;
    return {
      status: isReady ? "ready" : "draining",
      store: presence.isHealthy() ? "ok" : "degraded",
    } as const;
  });
}
