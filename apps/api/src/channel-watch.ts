import type { AppDeps } from "./app-deps.ts";

const LEARN_EVERY_MS = 10_000;

/** Learns until closed. */
export interface ChannelWatch {
  close(): void;
}

/**
 * Tells the policy now and then which channels other processes made live, so that `PRESENCE_CHANNELS_MAX` holds for
 * all of them together, to within what they add in ten seconds. A list of names alone bounds itself.
 */
export function keepLearningChannels({ config, presence, channels }: AppDeps): ChannelWatch {
  if (!config.channels.some((pattern) => pattern.endsWith("*"))) return { close: () => {} };
  const { store } = presence;
  const liveMs = config.keyTtlSeconds * 1_000;
  const learn = (): void => {
    // A store that is away is found out by whoever needs its answer.
    store.channels(store.nowMs() - liveMs, channels.max).then(channels.learn, () => {});
  };
  learn();
  const timer = setInterval(learn, LEARN_EVERY_MS).unref();
  return { close: () => clearInterval(timer) };
}
