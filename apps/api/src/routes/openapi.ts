import type Router from "@koa/router";
import { machineRoutes as contracts, openApiDocument, type OpenApiDocument } from "@presence/api-contract";
import type { AppDeps } from "../app-deps.ts";
import { addRoute } from "../http/contract-route.ts";
import { openToEveryone } from "../http/cors.ts";
import { readVersion } from "../version.ts";

/** `GET /openapi.json`: this API, for machines. */
export function openApiRoutes(router: Router, deps: AppDeps): void {
  const serverUrl = deps.config.publicUrl ?? "/";
  let document: OpenApiDocument | null = null;

  addRoute(router, deps, contracts.getOpenApi, ({ ctx }) => {
    // Made when somebody asks: few do, and it takes longer than the rest of the start.
    document ??= openApiDocument({ version: readVersion(), serverUrl });
    openToEveryone(ctx);
    ctx.set("Cache-Control", "public, max-age=60");
    return { ...document };
  });
}
