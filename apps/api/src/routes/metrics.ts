import type Router from "@koa/router";
import { machineRoutes as contracts } from "@presence/api-contract";
import type { AppDeps } from "../app-deps.ts";
import { refuse } from "../http/problem.ts";

/** `GET /metrics`: for Prometheus, which shows a token. */
export function metricsRoutes(router: Router, { access, callers, config, metrics }: AppDeps): void {
  const { method, path } = contracts.getMetrics;

  router.register(path, [method], async (ctx) => {
    if (metrics === null || config.tokens.metrics.length === 0) {
      throw refuse(
        "PRESENCE_NOT_FOUND",
        "Metrics are told here with PRESENCE_METRICS_TOKEN set, or on the port of PRESENCE_METRICS_PORT.",
      );
    }
    access.admit(["metrics"], ctx.get("authorization"), callers.limitedAs(ctx.req));
    const { contentType, text } = await metrics.scrape();
    ctx.set("Content-Type", contentType);
    ctx.body = text;
  });
}
