import type { Logger } from "@presence/service-kit";
import type { AdminTokenFile } from "./admin-token.ts";
import type { ApiConfig } from "./config.ts";

/** What there is to say at start. */
export interface Announcement {
  readonly config: ApiConfig;
  /** As bound. */
  readonly url: string;
  readonly adminToken: AdminTokenFile | null;
}

/** The lines a person at a terminal reads at start: where to look, and what the mode means. */
export function announcementLines({ config, url, adminToken }: Announcement): readonly string[] {
  const base = config.publicUrl ?? reachable(url);
  const fragment = adminToken === null ? "" : `#token=${adminToken.token}`;
  return [
    "",
    "  Presence counts who is online.",
    "",
    `  Look      ${base}/dashboard/${fragment}`,
    `  Try       ${base}/demo`,
    `  Count     ${base}/user/online/`,
    `  In detail ${base}/v1/online`,
    "",
    `  ${modeSentence(config)}`,
    "  Ctrl-C ends it.",
    "",
  ];
}

/** The same for a log: one line, and the token's file instead of the token. */
export function logAnnouncement(logger: Logger, { config, url, adminToken }: Announcement): void {
  const where = config.publicUrl ?? reachable(url);
  const fields = { url: where, bound: url, mode: config.redisUrl === null ? "embedded" : "redis" };
  const token = adminToken === null ? "" : `; the admin token is in ${adminToken.path}`;
  logger.info(fields, `Presence is listening on ${where}${token}. ${modeSentence(config)}`);
}

function modeSentence({ redisUrl }: ApiConfig): string {
  return redisUrl === null
    ? "Embedded mode: the count lives in this process and starts again with it. REDIS_URL keeps it in Redis."
    : "The count lives in Redis.";
}

/** An address to click on: 0.0.0.0 and :: are none. */
function reachable(url: string): string {
  return url.replace(/\/\/(?:0\.0\.0\.0|\[::\])(?=:)/, "//localhost");
}
