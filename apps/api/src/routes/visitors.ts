import type Router from "@koa/router";
import { visitorRoutes as contracts } from "@presence/api-contract";
import { isOfForm } from "@presence/client-address";
import { isoTime, type ListedVisitor, type PruneOptions } from "@presence/core";
import type { AppDeps } from "../app-deps.ts";
import { addRoute } from "../http/contract-route.ts";

/** Who is online, and their removal: for admins. */
export function visitorRoutes(router: Router, deps: AppDeps): void {
  const { config, cursors, presence } = deps;

  function listed({ visitor, lastSeenMs }: ListedVisitor, asOfMs: number) {
    return {
      visitor,
      lastSeen: isoTime(lastSeenMs),
      secondsAgo: Math.max(0, Math.floor((asOfMs - lastSeenMs) / 1_000)),
      ...(isOfForm(visitor, config) ? {} : { foreign: true as const }),
    };
  }

  addRoute(router, deps, contracts.listVisitors, async ({ query: { channel, limit, order, cursor } }) => {
    const after = cursor === undefined ? null : cursors.read({ channel, order }, cursor);
    const page = await presence.list({ channel, limit, order, after });
    return {
      asOf: isoTime(page.asOfMs),
      identity: config.identity,
      visitors: page.visitors.map((visitor) => listed(visitor, page.asOfMs)),
      nextCursor: page.next === null ? null : cursors.write({ channel, order }, page.next),
    };
  });

  addRoute(router, deps, contracts.forgetVisitors, async ({ body: { visitors, channel } }) => ({
    forgotten: await presence.forget(visitors, { channel }),
  }));

  addRoute(router, deps, contracts.pruneVisitors, async ({ body }) => {
    const { channel, olderThanSeconds, maxMs, dryRun } = body;
    const options: PruneOptions = {
      channel,
      maxMs,
      dryRun,
      ...(olderThanSeconds === undefined ? {} : { olderThanSeconds }),
    };
    const { removed, invalid, remaining, elapsedMs } = await presence.prune(options);
    return { removed, invalid, remaining, elapsedMs: Math.round(elapsedMs) };
  });
}
