export {
  type ChannelCount,
  type ChannelCounts,
  countChannels,
  type CountChannelsOptions,
} from "./channel-counts.ts";
export {
  type ChannelPolicy,
  type ChannelPolicyOptions,
  type ChannelRefusal,
  createChannelPolicy,
} from "./channel-policy.ts";
export { createIdentityKeys, type IdentityKeys, type IdentityKeysNow } from "./identity-keys.ts";
export { withDeadline } from "./deadline.ts";
export { createMemoryJobBoard, type JobBoard, type JobRun } from "./jobs.ts";
export { createPresence } from "./presence.ts";
export { type AskCount, type CountReader, type CountReaderOptions, createCountReader } from "./reader.ts";
export {
  createRecorder,
  type Recorder,
  type RecorderCounters,
  type RecorderOptions,
  type SightingSink,
} from "./recorder.ts";
export { createMemoryStore, type MemoryStoreOptions } from "./stores/memory-store.ts";
export { PresenceError, isStoreFailure, type PresenceErrorCode } from "./errors.ts";
export { type Clock, systemClock } from "./clock.ts";
export {
  assertChannel,
  BOTS_PREFIX,
  DEFAULT_CHANNEL,
  isChannelName,
  isReservedChannel,
  isVisitor,
  MAX_BATCH,
} from "./validate.ts";
export {
  DEFAULT_WINDOW_SECONDS,
  defaultKeyTtlSeconds,
  FUTURE_TOLERANCE_MS,
  MAX_WINDOW_SECONDS,
  onlineBounds,
} from "./window.ts";
export { isWriterAlive } from "./writers.ts";
export { isoTime, onlineCountJson, type OnlineCountJson } from "./wire.ts";
export type * from "./presence-types.ts";
export type * from "./store.ts";
export type * from "./types.ts";
