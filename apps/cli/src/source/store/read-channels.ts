import type { Channels } from "@presence/api-contract";
import { type ChannelCount, countChannels, isoTime } from "@presence/core";
import type { RedisStore } from "@presence/core/redis";
import type { ChannelsQuestion } from "../operations.ts";
import type { StoreProfile } from "./open-store.ts";

/** As many live channels as an installation may have. */
const MAX_CHANNELS = 1_000_000;

/** Live channels with their counts, as the API would list them. */
export async function readChannels(
  store: RedisStore,
  { windowSeconds, keyTtlSeconds }: StoreProfile,
  { only, prefix = "", limit }: ChannelsQuestion,
): Promise<Channels> {
  const counts = await countChannels(store, {
    windowSeconds,
    liveMs: keyTtlSeconds * 1_000,
    max: MAX_CHANNELS,
    isWanted: (channel) => (only === undefined ? channel.startsWith(prefix) : channel === only),
  });
  return {
    asOf: isoTime(counts.asOfMs),
    windowSeconds,
    complete: counts.complete,
    total: counts.channels.length,
    channels: counts.channels.slice(0, limit).map(described),
  };
}

function described({ channel, count, lastWriteMs, bots }: ChannelCount): Channels["channels"][number] {
  return { channel, count, lastWrite: isoTime(lastWriteMs), ...(bots === null ? {} : { bots }) };
}
