import type Router from "@koa/router";
import { uniqueRoutes as contracts } from "@presence/api-contract";
import type { AppDeps } from "../app-deps.ts";
import { assertHistoryShown } from "../http/channel.ts";
import { addRoute } from "../http/contract-route.ts";
import { cacheUntilNextSample } from "../http/sampled.ts";

/** Standard error of a HyperLogLog of 16,384 registers: 1.04 / sqrt(16384). */
const HYPER_LOG_LOG_ERROR_PERCENT = 0.81;

/** `GET /v1/uniques`: distinct visitors per day. */
export function uniqueRoutes(router: Router, deps: AppDeps): void {
  const { calendar, presence } = deps;
  const { store } = presence;

  addRoute(router, deps, contracts.getUniques, async ({ ctx, query: { channel, days: count }, isOpen }) => {
    assertHistoryShown(deps, channel, isOpen);
    const days = calendar.daysUntil(store.nowMs(), count).map(({ name }) => name);
    const visitors = await store.uniques(channel, days);
    cacheUntilNextSample(ctx, isOpen);
    return {
      channel,
      timeZone: calendar.timeZone,
      errorPercent: HYPER_LOG_LOG_ERROR_PERCENT,
      days: days.map((day, index) => ({ day, visitors: visitors[index] ?? null })),
    };
  });
}
