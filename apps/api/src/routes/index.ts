import Router from "@koa/router";
import type { AppDeps } from "../app-deps.ts";
import { channelRoutes } from "./channels.ts";
import { diagnosticRoutes } from "./diagnostics.ts";
import { heartbeatRoutes } from "./heartbeat.ts";
import { historyRoutes } from "./history.ts";
import { homeRoutes } from "./home.ts";
import { jobRoutes } from "./jobs.ts";
import { onlineRoutes } from "./online.ts";
import { metricsRoutes } from "./metrics.ts";
import { openApiRoutes } from "./openapi.ts";
import { pageRoutes } from "./pages.ts";
import { peakRoutes } from "./peaks.ts";
import { probeRoutes } from "./probes.ts";
import { sightingRoutes } from "./sightings.ts";
import { streamRoutes } from "./stream.ts";
import { uniqueRoutes } from "./uniques.ts";
import { visitorRoutes } from "./visitors.ts";

/** Every route that is answered here; what none of them takes is recorded as a visit. */
export function createRoutes(deps: AppDeps): Router {
  const router = new Router({ sensitive: true });
  homeRoutes(router, deps);
  onlineRoutes(router, deps);
  streamRoutes(router, deps);
  heartbeatRoutes(router, deps);
  sightingRoutes(router, deps);
  visitorRoutes(router, deps);
  channelRoutes(router, deps);
  historyRoutes(router, deps);
  peakRoutes(router, deps);
  uniqueRoutes(router, deps);
  jobRoutes(router, deps);
  openApiRoutes(router, deps);
  diagnosticRoutes(router, deps);
  metricsRoutes(router, deps);
  probeRoutes(router, deps);
  pageRoutes(router, deps);
  return router;
}
