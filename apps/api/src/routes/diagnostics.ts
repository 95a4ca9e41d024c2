import type Router from "@koa/router";
import { diagnosticRoutes as contracts } from "@presence/api-contract";
import type { AppDeps } from "../app-deps.ts";
import { addRoute } from "../http/contract-route.ts";

/** `GET /v1/diagnostics`: how this process is, and what an operator should do about it. */
export function diagnosticRoutes(router: Router, deps: AppDeps): void {
  addRoute(router, deps, contracts.getDiagnostics, () => deps.diagnostics.look());
}
