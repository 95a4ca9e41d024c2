import { fileURLToPath } from "node:url";
import { createPresence, type Presence } from "@presence/core";
import { connectRedisStore } from "@presence/core/redis";
import { MongoClient, type Collection } from "mongodb";
import {
  type MongoServer,
  type RedisServer,
  startMongo,
  startProcess,
  startRedis,
  type TestProcess,
  waitUntil,
} from "@presence/testkit";
import { JOBS_COLLECTION } from "../../src/agenda/backend.ts";
import type { JobDocument } from "../../src/agenda/job-documents.ts";
import type { ProgramOptions } from "./scheduler-program.ts";

const PROGRAM = fileURLToPath(new URL("./scheduler-program.ts", import.meta.url));
const MAIN = fileURLToPath(new URL("../../src/main.ts", import.meta.url));

/** A minute as six seconds, everything else in proportion. */
export const TENTH: ProgramOptions = {
  everySeconds: 6,
  times: { lockLifetimeMs: 3_000, processEveryMs: 200, mongoLimitMs: 30_000, drainMs: 700 },
};

/** `vitest run --mode full`: what stands in for minutes takes them. */
const IS_FULL_LENGTH = process.env["MODE"] === "full";

/** What stands for a minute. */
export const MINUTE_MS: number = IS_FULL_LENGTH ? 60_000 : 6_000;

/** The times of a scheduler that a fault is to meet. */
export const TIMES: ProgramOptions = IS_FULL_LENGTH ? {} : TENTH;

/** In full length what is promised, to the second; where time is short, a busy machine is given some more. */
export const promisedMs = (minutes: number): number => minutes * MINUTE_MS + (IS_FULL_LENGTH ? 0 : 30_000);

/** Somebody who records. */
export interface Writer extends AsyncDisposable {
  readonly presence: Presence;
}

/** Servers and schedulers of one test. */
export interface World extends AsyncDisposable {
  readonly redis: RedisServer;
  readonly mongo: MongoServer;
  /** A database nobody has used. */
  readonly mongoUrl: string;
  /** A scheduler as a process of its own, with faster times; on {@link World.mongoUrl} unless told otherwise. */
  program(
    options?: ProgramOptions,
    mongoUrl?: string,
    env?: Readonly<Record<string, string>>,
  ): Promise<TestProcess>;
  /** Records into the set, as an API process does. */
  writer(windowSeconds: number): Promise<Writer>;
  /** The scheduler as it is delivered, with nothing but this environment. */
  main(env: Record<string, string>): Promise<TestProcess>;
  /** Puts visitors into the set who were last seen ten minutes ago. */
  fillWithExpired(visitors: number): Promise<void>;
  /** How many are in the set. */
  members(): Promise<number>;
  /** The last run of a job, by the job board; `null` where it never ran. */
  lastRun(
    job: string,
  ): Promise<{ readonly ok: boolean; readonly by: string; readonly result: unknown } | null>;
  /** When the last prune that succeeded began, by the job board; 0 where none ever did. */
  lastSuccessMs(): Promise<number>;
  /** Calls `use` with Agenda's documents in {@link World.mongoUrl}, unless told otherwise. */
  documents<T>(use: (documents: Collection<JobDocument>) => Promise<T>, mongoUrl?: string): Promise<T>;
}

/** Starts a world of one's own, so that tests run beside each other. */
export async function startWorld(): Promise<World> {
  const [redis, mongo] = await Promise.all([startRedis(), startMongo()]);
  const mongoUrl = mongo.freshDatabase();
  const client = redis.client();
  const processes: TestProcess[] = [];

  async function start(args: readonly string[], env: Record<string, string>): Promise<TestProcess> {
    const started = await startProcess(process.execPath, ["--conditions=@presence/source", ...args], { env });
    processes.push(started);
    return started;
  }

  return {
    redis,
    mongo,
    mongoUrl,
    program: (options = TIMES, url = mongoUrl, env = {}) =>
      start([PROGRAM, JSON.stringify(options)], {
        ...env,
        REDIS_URL: redis.url,
        MONGODB_URL: url,
        PORT: "0",
        LOG_LEVEL: "debug",
      }),
    main: (env) => start([MAIN], env),
    async writer(windowSeconds) {
      const store = connectRedisStore({ url: redis.url });
      await store.whenReady(5_000);
      const presence = createPresence({ store, windowSeconds });
      presence.start();
      return {
        presence,
        async [Symbol.asyncDispose]() {
          await presence.close();
          await store.close();
        },
      };
    },
    async fillWithExpired(visitors) {
      const longAgo = Math.floor(Date.now() / 1_000) - 600;
      for (let first = 0; first < visitors; first += 1_000) {
        const members = Array.from({ length: 1_000 }, (_, index) => [longAgo, `v${first + index}`]).flat();
        await client.zadd("onlines", ...members);
      }
    },
    members: () => client.zcard("onlines"),
    async lastRun(job) {
      const run = await client.hget("onlines:meta:jobs", job);
      return run === null ? null : JSON.parse(run);
    },
    lastSuccessMs: async () => Number((await client.hget("onlines:meta:jobs", "prune:success")) ?? 0),
    async documents(use, url = mongoUrl) {
      const opened = new MongoClient(url, { serverSelectionTimeoutMS: 5_000 });
      try {
        return await use(opened.db().collection<JobDocument>(JOBS_COLLECTION));
      } finally {
        await opened.close();
      }
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(processes.map((each) => each.kill()));
      await Promise.all([redis.stop(), mongo.stop()]);
    },
  };
}

/** Where a scheduler's probes are. */
export async function probesOf(scheduler: TestProcess): Promise<string> {
  return waitUntil(() => /"url":"([^"]+)"/.exec(scheduler.stdout)?.[1], {
    what: "the address of the probes",
  });
}

/** Most runs of one job that were under way at once in a process, by what it told. */
export function mostAtOnce(scheduler: TestProcess): number {
  const running = new Map<string, number>();
  let most = 0;
  for (const [, word, job = ""] of scheduler.stdout.matchAll(/^(begin|end) (\w+)$/gm)) {
    const now = (running.get(job) ?? 0) + (word === "begin" ? 1 : -1);
    running.set(job, now);
    most = Math.max(most, now);
  }
  return most;
}

/** How many prunes a process has ended. */
export function endedRuns(scheduler: TestProcess): number {
  return scheduler.stdout.match(/^end prune$/gm)?.length ?? 0;
}
