import Koa from "koa";
import type { AppDeps } from "./app-deps.ts";
import { logRequests } from "./middleware/log-requests.ts";
import { measureRequests } from "./middleware/measure-requests.ts";
import { recordMirrored } from "./middleware/mirror.ts";
import { answerProblems } from "./middleware/problems.ts";
import { setSecurityHeaders } from "./middleware/security-headers.ts";
import { recordUnrouted } from "./middleware/unrouted.ts";
import { createRoutes } from "./routes/index.ts";

/** The HTTP application. It never listens: `server.ts` does. */
export function createApp(deps: AppDeps): Koa {
  const app = new Koa();
  // What reaches Koa itself is a broken connection; everything else is answered by the first middleware below.
  app.on("error", (error: Error) => deps.logger.debug({ err: error }, "a connection failed"));

  if (deps.logger.isLevelEnabled("debug")) app.use(logRequests(deps.logger, deps.steadyMs));
  if (deps.metrics !== null) app.use(measureRequests(deps.metrics.onRequest, deps.steadyMs));
  app.use(answerProblems(deps.logger));
  app.use(setSecurityHeaders());
  app.use(recordMirrored(deps.callers));
  app.use(createRoutes(deps).routes());
  app.use(recordUnrouted(deps.callers));
  return app;
}
