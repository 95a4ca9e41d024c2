import type Router from "@koa/router";
import { onlineRoutes as contracts } from "@presence/api-contract";
import { DEFAULT_CHANNEL, onlineCountJson } from "@presence/core";
import type { AppDeps } from "../app-deps.ts";
import { assertChannelAllowed } from "../http/channel.ts";
import { addRoute } from "../http/contract-route.ts";
import { openToEveryone } from "../http/cors.ts";

const MILLISECONDS = 1_000;

/** The count: as the original answered it, and with what it means. */
export function onlineRoutes(router: Router, deps: AppDeps): void {
  const { config, presence } = deps;
  const withBots = config.bots === "separate";

  addRoute(router, deps, contracts.getUserOnline, async ({ ctx }) => {
    openToEveryone(ctx);
    const { count, stale, ageMs } = await presence.count({ channel: DEFAULT_CHANNEL });
    if (stale) ctx.set("Presence-Stale", String(Math.floor(ageMs / MILLISECONDS)));
    return { msg: "访问人数", num: count } as const;
  });

  addRoute(router, deps, contracts.getOnline, async ({ ctx, query, isOpen }) => {
    const { channel, window: windowSeconds } = query;
    if (isOpen) assertChannelAllowed(deps, channel);
    const count = await presence.count({
      channel,
      withBots,
      ...(windowSeconds === undefined ? {} : { windowSeconds }),
    });
    if (isOpen && !count.stale) ctx.set("Cache-Control", "public, max-age=1");
    return onlineCountJson(count);
  });
}
