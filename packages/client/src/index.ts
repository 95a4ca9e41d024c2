export { createPresenceClient, type PresenceClient, type PresenceClientOptions } from "./client.ts";
export type { CallOptions } from "./call.ts";
export type { StreamOptions, StreamUpdate } from "./stream.ts";
export {
  isUnavailable,
  PresenceClientError,
  type PresenceClientErrorCode,
  type PresenceClientErrorDetails,
  type PresenceClientErrorKind,
} from "./errors.ts";
