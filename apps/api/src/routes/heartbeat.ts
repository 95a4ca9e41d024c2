import { setTimeout as delay } from "node:timers/promises";
import type Router from "@koa/router";
import { onlineRoutes as contracts } from "@presence/api-contract";
import { onlineCountJson } from "@presence/core";
import type { AppDeps } from "../app-deps.ts";
import { SHARE_READS_MS } from "../compose.ts";
import { assertChannelAllowed } from "../http/channel.ts";
import { addRoute } from "../http/contract-route.ts";
import { answerPreflight, openToListed } from "../http/cors.ts";
import { refuse } from "../http/problem.ts";
import { createSpacing } from "../http/spacing.ts";

/** Least time between two heartbeats of a client on a channel. */
const HEARTBEAT_EVERY_MS = 1_000;
const MAX_CLIENTS = 100_000;

/** `POST /v1/heartbeat`: a page says that its reader is still there, and learns the count. */
export function heartbeatRoutes(router: Router, deps: AppDeps): void {
  const { callers, config, presence, steadyMs } = deps;
  const withBots = config.bots === "separate";
  const spacing = createSpacing({ everyMs: HEARTBEAT_EVERY_MS, maxKeys: MAX_CLIENTS, nowMs: steadyMs });

  // Ahead of the route, so that a page of another site learns so before its body is read.
  router.register("/v1/heartbeat", ["POST"], (ctx, next) => {
    openToListed(ctx, config);
    return next();
  });
  router.register("/v1/heartbeat", ["OPTIONS"], (ctx) => answerPreflight(ctx, config));

  addRoute(router, deps, contracts.heartbeat, async ({ ctx, body: { channel } }) => {
    assertChannelAllowed(deps, channel);
    const address = callers.addressOf(ctx.req);
    if (!spacing.pass(`${address ?? ""} ${channel}`)) {
      throw refuse(
        "PRESENCE_TOO_MANY_REQUESTS",
        "One heartbeat a second is enough: this address just sent one.",
        {
          headers: { "Retry-After": String(HEARTBEAT_EVERY_MS / 1_000) },
        },
      );
    }
    // Whoever is not counted for another reason (ignored, a bot, no address) still learns the number.
    if (callers.record(ctx.req, channel) === "too-many-channels") {
      throw refuse(
        "PRESENCE_TOO_MANY_CHANNELS",
        `Channel ${channel} would be one more than PRESENCE_CHANNELS_MAX.`,
      );
    }
    // Whoever asked a moment ago shared an answer without this caller, who would see a page of nobody.
    await delay(SHARE_READS_MS + 1);
    return onlineCountJson(await presence.count({ channel, withBots }));
  });
}
