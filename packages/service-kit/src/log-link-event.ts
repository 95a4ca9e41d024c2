import type { LinkEvent } from "@presence/core/redis";
import type { Logger } from "./logger.ts";

/** Tells the log what happened on the connection to Redis. */
export function logLinkEvent(logger: Pick<Logger, "debug" | "warn">, event: LinkEvent): void {
  switch (event.kind) {
    case "connection-error":
      return logger.debug({ err: event.error }, "the connection to Redis failed");
    case "clock-jump":
      return logger.warn(
        { jumpMs: event.jumpMs },
        "the clock of Redis jumped: counts are incomplete until it has settled",
      );
    case "other-shards":
      return logger.warn(
        { shards: event.shards, configured: event.configured },
        `visitors are spread over ${event.shards} shards there, which holds; set PRESENCE_SHARDS=${event.shards}`,
      );
  }
}
