import type Router from "@koa/router";
import { historyRoutes as contracts } from "@presence/api-contract";
import { isoTime } from "@presence/core";
import { finestStep } from "@presence/history";
import type { AppDeps } from "../app-deps.ts";
import { assertHistoryShown } from "../http/channel.ts";
import { addRoute } from "../http/contract-route.ts";
import { cacheUntilNextSample } from "../http/sampled.ts";

const DAY_MS = 86_400_000;

/** `GET /v1/history`: how many were online, over time. */
export function historyRoutes(router: Router, deps: AppDeps): void {
  const { calendar, history, presence } = deps;

  addRoute(router, deps, contracts.getHistory, async ({ ctx, query, isOpen }) => {
    const { channel, from, to } = query;
    assertHistoryShown(deps, channel, isOpen);
    const toMs = to === undefined ? Math.floor(presence.store.nowMs()) : Date.parse(to);
    const fromMs = from === undefined ? Math.max(0, toMs - DAY_MS) : Date.parse(from);
    const { step = finestStep({ fromMs, toMs }, calendar) } = query;
    const points = await history.range(channel, { fromMs, toMs, step });
    cacheUntilNextSample(ctx, isOpen);
    return {
      channel,
      step,
      from: isoTime(fromMs),
      to: isoTime(toMs),
      timeZone: history.timeZone,
      points: points.map(({ atMs, min, max, last }) => ({ at: isoTime(atMs), min, max, last })),
    };
  });
}
