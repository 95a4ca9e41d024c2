import { isTimeZone } from "@presence/history";
import type { CliConfig } from "./config.ts";
import { usageError } from "./errors.ts";
import { quoted } from "./flags.ts";

/** Where a day begins. @throws {CliError} where `PRESENCE_TIME_ZONE` is no zone that is known here. */
export function timeZoneOf({ timeZone = "UTC" }: CliConfig): string {
  if (isTimeZone(timeZone)) return timeZone;
  throw usageError(`PRESENCE_TIME_ZONE must be an IANA name such as Europe/Berlin, not ${quoted(timeZone)}.`);
}
