import type Router from "@koa/router";
import { channelRoutes as contracts } from "@presence/api-contract";
import { countChannels, isoTime, type ChannelCount } from "@presence/core";
import type { AppDeps } from "../app-deps.ts";
import { addRoute } from "../http/contract-route.ts";

/** `GET /v1/channels`: which channels are live, and who is online in each. */
export function channelRoutes(router: Router, deps: AppDeps): void {
  const { config, presence } = deps;
  const countsBots = config.bots === "separate";

  function described({ channel, count, lastWriteMs, bots }: ChannelCount) {
    const lastWrite = isoTime(lastWriteMs);
    return { channel, count, lastWrite, ...(countsBots ? { bots: bots ?? 0 } : {}) };
  }

  addRoute(router, deps, contracts.listChannels, async ({ query: { prefix = "", limit } }) => {
    // What this process saw and has not written yet counts too.
    await presence.flush();
    const [counts, site] = await Promise.all([
      countChannels(presence.store, {
        windowSeconds: config.windowSeconds,
        liveMs: config.keyTtlSeconds * 1_000,
        max: config.channelsMax,
        isWanted: (channel) => channel.startsWith(prefix),
      }),
      presence.count(),
    ]);
    return {
      asOf: isoTime(counts.asOfMs),
      windowSeconds: counts.windowSeconds,
      complete: counts.complete && site.complete,
      total: counts.channels.length,
      channels: counts.channels.slice(0, limit).map(described),
    };
  });
}
