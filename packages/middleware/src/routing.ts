import { DEFAULT_CHANNEL } from "@presence/core";
import { FAILED, type Guard } from "./guard.ts";
import type { CommonOptions } from "./options.ts";

/** Where a request counts: its channels, or why nowhere. */
export type Routing<Request> = (request: Request) => readonly string[] | "skipped" | "callback";

const DEFAULT_CHANNELS: readonly string[] = [DEFAULT_CHANNEL];

/** Asks the application's `skip` and `channel`. A request they fail for counts nowhere: it may be one to skip. */
export function createRouting<Request>(
  { skip, channel }: Pick<CommonOptions<Request>, "skip" | "channel">,
  guard: Guard,
): Routing<Request> {
  return (request) => {
    if (skip !== undefined) {
      const isSkipped = guard.call("skip", () => skip(request));
      if (isSkipped === FAILED) return "callback";
      if (isSkipped) return "skipped";
    }
    if (channel === undefined) return DEFAULT_CHANNELS;
    const channels = guard.call("channel", () => channel(request));
    if (channels === FAILED) return "callback";
    if (channels === undefined) return DEFAULT_CHANNELS;
    return typeof channels === "string" ? [channels] : channels;
  };
}
