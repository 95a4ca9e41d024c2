import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { createPresence, type Presence } from "@presence/core";
import type { HistoryStore } from "@presence/history";
import { createMongoHistoryStore } from "@presence/history/mongo";
import { createJobs, type Job } from "@presence/jobs";
import { type Cleanup, createHealth, type Logger, runCleanups } from "@presence/service-kit";
import { createAgendaRunner } from "./agenda/runner.ts";
import type { SchedulerConfig } from "./config.ts";
import { openMongo } from "./mongo/open.ts";
import { retry } from "./mongo/retry.ts";
import { openRedis } from "./redis/open.ts";
import { startProbeServer } from "./probe-server.ts";
import { createTally, type Tallied } from "./tally.ts";

/** Times that a test makes shorter. */
export interface SchedulerTimes {
  /** How long MongoDB may be away at start, in milliseconds. @default 60000 */
  readonly mongoLimitMs?: number;
  /** After how long without a sign of life another scheduler may run a job, in milliseconds. @default 30000 */
  readonly lockLifetimeMs?: number;
  /** How often Agenda looks for work, in milliseconds. @default 2000 */
  readonly processEveryMs?: number;
  /** How long a run may take to end when the scheduler does, in milliseconds. @default 7000 */
  readonly drainMs?: number;
}

/** Options of {@link startScheduler}. */
export interface SchedulerOptions {
  readonly times?: SchedulerTimes;
  /** What is run. @default the jobs of every installation */
  readonly jobs?: (presence: Presence, history: HistoryStore) => readonly Job[];
}

/** A scheduler that answers probes, and runs jobs as soon as MongoDB is there. */
export interface StartedScheduler {
  /** Of its probes, as bound: `http://127.0.0.1:3001`. */
  readonly url: string;
  /** Settles once jobs run. Rejects with {@link MongoUnreachableError} when the limit is over, with an `AbortError` when closed before. */
  readonly running: Promise<void>;
  readonly counts: Tallied;
  /** What an orderly end does, in order. */
  readonly cleanups: readonly Cleanup[];
  /** Runs the cleanups. Idempotent. */
  close(): Promise<void>;
}

/** MongoDB stayed away from the start for as long as the scheduler waits. */
export class MongoUnreachableError extends Error {
  override readonly name = "MongoUnreachableError";
}

const MONGO_LIMIT_MS = 60_000;
const LOCK_LIFETIME_MS = 30_000;
const PROCESS_EVERY_MS = 2_000;
const DRAIN_MS = 7_000;

/** @throws {ConfigError} for a `REDIS_URL` or `MONGODB_URL` no client can use, {@link ListenError} for a taken port. */
export async function startScheduler(
  config: SchedulerConfig,
  logger: Logger,
  { times = {}, jobs = defaultJobs(config) }: SchedulerOptions = {},
): Promise<StartedScheduler> {
  const { mongoLimitMs = MONGO_LIMIT_MS, drainMs = DRAIN_MS } = times;
  const health = createHealth();
  const starting = new AbortController();
  const store = openRedis(config, logger);
  const presence = createPresence({
    store,
    windowSeconds: config.windowSeconds,
    keyTtlSeconds: config.keyTtlSeconds,
  });
  const mongo = openMongo(config, logger);
  const history = createMongoHistoryStore({ db: mongo.db, timeZone: config.timeZone });
  const tally = createTally(logger, () => !mongo.isReady());
  const runner = createAgendaRunner({
    db: mongo.db,
    jobs: jobs(presence, history),
    board: store.jobs,
    nowMs: () => store.nowMs(),
    by: `${hostname()}:${process.pid}:${randomUUID().slice(0, 8)}`,
    lockLifetimeMs: times.lockLifetimeMs ?? LOCK_LIFETIME_MS,
    processEveryMs: times.processEveryMs ?? PROCESS_EVERY_MS,
    onEvent: (event) => tally.add(event),
  });

  async function run(): Promise<void> {
    const prepare = async (): Promise<void> => {
      await mongo.client.connect();
      await runner.prepare();
    };
    await retry(prepare, {
      limitMs: mongoLimitMs,
      signal: starting.signal,
      onFailure: (error, waitMs) =>
        logger.warn({ err: error, waitMs }, "MongoDB cannot be used yet: trying again"),
    }).catch((error: unknown) => {
      throw starting.signal.aborted ? error : unreachable(error, mongoLimitMs);
    });
    starting.signal.throwIfAborted();
    await runner.start();
    health.markReady();
    logger.info("jobs run");
  }

  const opened: readonly Cleanup[] = [
    { name: "close the history", run: () => history.close() },
    { name: "close the connection to MongoDB", run: () => mongo.close() },
    { name: "close presence", run: () => presence.close() },
    { name: "close the store", run: () => store.close() },
  ];
  const probes = await startProbeServer({
    host: config.host,
    port: config.port,
    readiness: () => ({
      isReady: health.phase === "ready",
      body: {
        status: health.phase,
        store: store.isReady() ? "ok" : "degraded",
        mongodb: mongo.isReady() ? "ok" : "degraded",
        ...tally.counts,
      },
    }),
  }).catch(async (error: unknown) => {
    await runCleanups(opened, logger);
    throw error;
  });
  const running = run();
  // Whoever awaits it hears of it; a scheduler that is closed first has nobody who does.
  running.catch(() => {});

  const cleanups: readonly Cleanup[] = [
    { name: "say that it drains", run: () => health.markDraining() },
    { name: "end the start", run: () => endStart(starting, running) },
    { name: "end the jobs under way", run: () => runner.close(drainMs) },
    { name: "close the probes", run: () => probes.close() },
    ...opened,
  ];
  let closed: Promise<void> | null = null;
  return {
    url: probes.url,
    running,
    get counts() {
      return tally.counts;
    },
    cleanups,
    close: () => (closed ??= runCleanups(cleanups, logger)),
  };
}

function defaultJobs({ channelsMax, historyChannels }: SchedulerConfig) {
  return (presence: Presence, history: HistoryStore): readonly Job[] =>
    createJobs({ presence, history, historyChannels, maxChannels: channelsMax });
}

async function endStart(starting: AbortController, running: Promise<void>): Promise<void> {
  starting.abort();
  await running.catch(() => {});
}

function unreachable(error: unknown, limitMs: number): MongoUnreachableError {
  const reason = error instanceof Error ? error.message : String(error);
  return new MongoUnreachableError(
    `MongoDB could not be used for ${limitMs / 1_000} s: ${reason}. Is MONGODB_URL right, and does the server run?`,
    { cause: error },
  );
}
