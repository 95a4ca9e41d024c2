import type Router from "@koa/router";
import { peakRoutes as contracts } from "@presence/api-contract";
import { peaksJson } from "@presence/history";
import type { AppDeps } from "../app-deps.ts";
import { assertHistoryKept, assertHistoryShown } from "../http/channel.ts";
import { addRoute } from "../http/contract-route.ts";
import { cacheUntilNextSample } from "../http/sampled.ts";

/** The most that were online: asked by anybody who may see history, begun anew by admins. */
export function peakRoutes(router: Router, deps: AppDeps): void {
  const { history, presence } = deps;
  const nowMs = (): number => Math.floor(presence.store.nowMs());

  addRoute(router, deps, contracts.getPeaks, async ({ ctx, query: { channel }, isOpen }) => {
    assertHistoryShown(deps, channel, isOpen);
    const peaks = await history.peaks(channel, nowMs());
    cacheUntilNextSample(ctx, isOpen);
    return peaksJson(peaks);
  });

  addRoute(router, deps, contracts.resetPeak, async ({ query: { channel, scope, reason } }) => {
    assertHistoryKept(deps, channel);
    return peaksJson(await history.resetPeak(channel, scope, { reason, nowMs: nowMs() }));
  });
}
