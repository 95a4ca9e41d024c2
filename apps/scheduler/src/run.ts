import {
  closeOnSignal,
  CONFIG_EXIT_CODE,
  ConfigError,
  createLogger,
  type Environment,
  runCleanups,
} from "@presence/service-kit";
import { loadSchedulerConfig } from "./config.ts";
import { ListenError } from "./probe-server.ts";
import { MongoUnreachableError, type SchedulerOptions, startScheduler } from "./scheduler.ts";

/**
 * Runs a scheduler as this process until a signal ends it. Answers an exit code where it could not; the reason is
 * told through `complain`.
 */
export async function runScheduler(
  env: Environment,
  complain: (text: string) => void,
  options?: SchedulerOptions,
): Promise<number | null> {
  try {
    const config = loadSchedulerConfig(env);
    const logger = createLogger({
      name: "presence-scheduler",
      level: config.logLevel,
      keepsAddresses: config.keepsAddresses,
    });
    for (const warning of config.warnings) logger.warn(warning);
    const { url, running, cleanups } = await startScheduler(config, logger, options);
    closeOnSignal({ logger, cleanups });
    logger.info({ url }, "answering probes");
    try {
      await running;
    } catch (error) {
      // A signal came first: the orderly end is under way.
      if (error instanceof Error && error.name === "AbortError") return null;
      await runCleanups(cleanups, logger);
      throw error;
    }
    return null;
  } catch (error) {
    const isForOwner =
      error instanceof ConfigError || error instanceof ListenError || error instanceof MongoUnreachableError;
    complain(isForOwner ? error.message : describe(error));
    return error instanceof ConfigError ? CONFIG_EXIT_CODE : 1;
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
