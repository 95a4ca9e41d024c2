import { hostname } from "node:os";
import { CONFIG_EXIT_CODE, closeOnSignal, ConfigError, createLogger } from "@presence/service-kit";
import { announcementLines, logAnnouncement } from "./announce.ts";
import { loadApiConfig } from "./config.ts";
import { ListenError } from "./server/listen.ts";
import { startApi } from "./start.ts";

try {
  await main();
} catch (error) {
  fail(error);
}

async function main(): Promise<void> {
  const config = loadApiConfig(process.env);
  const logger = createLogger({
    name: "presence-api",
    level: config.logLevel,
    keepsAddresses: config.identity === "ip",
  });
  for (const warning of config.warnings) logger.warn(warning);
  const { url, adminToken, cleanups } = await startApi(config, logger, `${hostname()}:${process.pid}`);
  closeOnSignal({ logger, cleanups });
  const announcement = { config, url, adminToken };
  if (process.stdout.isTTY) process.stdout.write(announcementLines(announcement).join("\n"));
  else logAnnouncement(logger, announcement);
}

/** What the owner can mend is one message; everything else keeps its stack. */
function fail(error: unknown): never {
  const isForOwner = error instanceof ConfigError || error instanceof ListenError;
  process.stderr.write(`${isForOwner ? error.message : describe(error)}\n`);
  process.exit(error instanceof ConfigError ? CONFIG_EXIT_CODE : 1);
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
