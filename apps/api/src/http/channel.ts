import type { AppDeps } from "../app-deps.ts";
import { refuse } from "./problem.ts";

/** @throws {ProblemError} 403 `PRESENCE_CHANNEL_NOT_ALLOWED` unless `PRESENCE_CHANNELS` has it. */
export function assertChannelAllowed({ channels }: AppDeps, channel: string): void {
  if (channels.allows(channel)) return;
  throw refuse(
    "PRESENCE_CHANNEL_NOT_ALLOWED",
    `This server has no channel ${channel}: PRESENCE_CHANNELS names those it has.`,
    {
      errors: [{ field: "channel", message: "must be one of PRESENCE_CHANNELS" }],
    },
  );
}

/** @throws {ProblemError} 403 `PRESENCE_CHANNEL_NOT_ALLOWED` unless `PRESENCE_HISTORY_CHANNELS` has it. */
export function assertHistoryKept({ config }: AppDeps, channel: string): void {
  if (config.historyChannels.includes(channel)) return;
  throw refuse(
    "PRESENCE_CHANNEL_NOT_ALLOWED",
    `This server keeps no history of channel ${channel}: PRESENCE_HISTORY_CHANNELS names those it keeps.`,
    { errors: [{ field: "channel", message: "must be one of PRESENCE_HISTORY_CHANNELS" }] },
  );
}

/** As {@link assertHistoryKept}; whoever has a token may ask what was kept of any channel. */
export function assertHistoryShown(deps: AppDeps, channel: string, isOpen: boolean): void {
  if (isOpen) assertHistoryKept(deps, channel);
}
