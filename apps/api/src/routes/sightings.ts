import type Router from "@koa/router";
import { MAX_SIGHTINGS, SightingsEnvelopeSchema, sightingRoutes as contracts } from "@presence/api-contract";
import type { AppDeps } from "../app-deps.ts";
import { addRoute } from "../http/contract-route.ts";
import { refuse } from "../http/problem.ts";

/** `POST /v1/sightings`: visits that somebody else saw. */
export function sightingRoutes(router: Router, deps: AppDeps): void {
  // Each sighting is judged by itself, so that one mistake does not refuse the others.
  const contract = { ...contracts.recordSightings, body: SightingsEnvelopeSchema };

  addRoute(router, deps, contract, ({ body: { sightings } }) => {
    if (sightings.length > MAX_SIGHTINGS) {
      throw refuse(
        "PRESENCE_TOO_MANY_SIGHTINGS",
        `A request may bring at most ${MAX_SIGHTINGS} sightings, not ${sightings.length}: send them in parts.`,
      );
    }
    return deps.ingest(sightings);
  });
}
