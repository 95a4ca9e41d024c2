import closeWithGrace from "close-with-grace";
import type { Logger } from "./logger.ts";

/** How long an orderly end may take, in milliseconds. */
export const SHUTDOWN_DEADLINE_MS = 10_000;

/** One step of an orderly end. */
export interface Cleanup {
  /** What it does, for the log: "flush the recorder". */
  readonly name: string;
  readonly run: () => unknown;
}

/** Options of {@link closeOnSignal}. */
export interface CloseOnSignalOptions {
  readonly logger: Logger;
  /** Run one after the other, in this order, each whatever became of the ones before. */
  readonly cleanups: readonly Cleanup[];
  /** @default 10000 */
  readonly deadlineMs?: number;
}

/**
 * Ends the process in order on SIGTERM, SIGINT and their like, and after an error nobody caught (exit 1). A
 * second signal, or the deadline, ends it at once with exit 1. Answers a function that begins the end by hand.
 */
export function closeOnSignal(options: CloseOnSignalOptions): () => void {
  const { logger, cleanups, deadlineMs = SHUTDOWN_DEADLINE_MS } = options;
  const { close } = closeWithGrace(
    {
      delay: deadlineMs,
      logger: false,
      onSecondSignal: (signal) => logger.error({ signal }, "second signal: ending at once"),
      onSecondError: (error) => logger.error({ err: error }, "an error while ending: ending at once"),
      onTimeout: () => logger.error({ deadlineMs }, "the orderly end took too long: ending at once"),
    },
    async ({ err, signal }) => {
      if (err === undefined) logger.info({ signal }, "ending");
      else logger.fatal({ err }, "an error nobody caught: ending");
      await runCleanups(cleanups, logger);
    },
  );
  return close;
}

/** Runs each cleanup after the one before it; one that throws is logged and stops none of the others. */
export async function runCleanups(
  cleanups: readonly Cleanup[],
  logger: Pick<Logger, "error">,
): Promise<void> {
  for (const { name, run } of cleanups) {
    try {
      await run();
    } catch (error) {
      logger.error({ err: error }, `could not ${name}`);
    }
  }
}
