import type { CliConfig } from "../../config.ts";
import { usageError } from "../../errors.ts";
import type { ApiPlace } from "../place.ts";
import type { PresenceSource, PruneQuestion } from "../source.ts";
import { connectApi } from "./connect.ts";

/** How long one prune request may run, in milliseconds: often enough for a progress bar. */
const PRUNE_SLICE_MS = 500;

/** Asks an API. It is not asked anything before the first question. */
export async function openApiSource(place: ApiPlace, config: CliConfig): Promise<PresenceSource> {
  const { name, client } = await connectApi(place, config);

  return {
    name,

    async count({ channel, windowSeconds, withBots }) {
      const window = windowSeconds === undefined ? {} : { window: windowSeconds };
      const { bots, ...count } = await client.online({ channel, ...window });
      return withBots && bots !== undefined ? { ...count, bots } : count;
    },

    list: ({ cursor, ...question }) =>
      client.visitors({ ...question, ...(cursor === undefined ? {} : { cursor }) }),

    pages: (channel) => client.allVisitors({ channel }),

    async windowSeconds(channel) {
      return (await client.online({ channel })).windowSeconds;
    },

    async prune({ channel, olderThanSeconds, batch, dryRun, onProgress }: PruneQuestion) {
      if (batch !== undefined) {
        throw usageError("--batch is for a Redis: the API chooses its own. Name the Redis with --redis-url.");
      }
      const olderThan = olderThanSeconds === undefined ? {} : { olderThanSeconds };
      const total = { removed: 0, invalid: 0, remaining: 0, elapsedMs: 0 };
      do {
        const slice = await client.prune({ channel, dryRun, maxMs: PRUNE_SLICE_MS, ...olderThan });
        total.removed += slice.removed;
        total.invalid += slice.invalid;
        total.remaining = slice.remaining;
        total.elapsedMs += slice.elapsedMs;
        onProgress({ removed: total.removed, remaining: total.remaining, batchMs: null });
      } while (total.remaining > 0 && !dryRun);
      return total;
    },

    forget: (visitors, channel) => client.forget({ visitors: [...visitors], channel }),

    async close() {},
  };
}
