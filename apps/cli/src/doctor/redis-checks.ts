import { isWriterAlive, onlineBounds, PresenceError } from "@presence/core";
import type { RedisStore } from "@presence/core/redis";
import type { CliConfig } from "../config.ts";
import type { RedisPlace } from "../source/place.ts";
import { type OpenStore, openStore } from "../source/store/open-store.ts";
import { jobsOf } from "../source/store/read-jobs.ts";
import { type Check, fail } from "./check.ts";
import { checkJobs } from "./job-checks.ts";
import { grant as grantOf, missingPermission } from "./redis-permission.ts";
import { checkServer, notAllowed } from "./server-checks.ts";
import { checkSets } from "./set-checks.ts";
import { checkWriters } from "./writer-checks.ts";

/** After this long beyond the window even a prune that came late has been there, in seconds. */
const OVERDUE_SECONDS = 180;

/** What came of asking a Redis. */
export interface CheckedRedis {
  readonly checks: readonly Check[];
  /** By which it is known again; `null` where nobody records there, or it cannot be asked. */
  readonly epoch: string | null;
}

/** Everything that can be found out of a Redis itself. */
export async function checkRedis(
  place: RedisPlace,
  config: CliConfig,
  channel: string,
): Promise<CheckedRedis> {
  let opened: OpenStore;
  try {
    // What the environment and the writers disagree about is a check of its own.
    opened = await openStore(place, config, { stderr: { write: async () => {} } });
  } catch (error) {
    if (!(error instanceof PresenceError)) throw error;
    return { checks: [unusable(error, place)], epoch: null };
  }
  try {
    return await checkStore(opened, { place, config, channel });
  } catch (error) {
    if (!(error instanceof PresenceError)) throw error;
    return { checks: [unusable(error, place)], epoch: null };
  } finally {
    await opened.close();
  }
}

interface Context {
  readonly place: RedisPlace;
  readonly config: CliConfig;
  readonly channel: string;
}

async function checkStore(
  { name, store, profile }: OpenStore,
  { place, config, channel }: Context,
): Promise<CheckedRedis> {
  const { windowSeconds, keyTtlSeconds } = profile;
  const nowMs = store.nowMs();
  const grant = (permission: string): string => grantOf(place.url, permission);
  const allowed = <Answer>(asking: Promise<Answer>): Promise<Answer | Missing> =>
    orMissing(asking, place.key);
  const [found, older, state, runs, online] = await Promise.all([
    store.inspect(windowSeconds, channel),
    store.inspect(windowSeconds + OVERDUE_SECONDS, channel),
    allowed(store.state()),
    allowed(store.jobs.runs()),
    onlineIn(store, channel, windowSeconds),
  ]);
  const expired = found.expiredWaiting.ok ? found.expiredWaiting.value : null;
  const checks = [...checkServer(name, found, store.clock(), grant)];
  checks.push(
    ...checkSets({
      channel,
      key: store.keys.channel(channel)[0] ?? place.key,
      keyTtlSeconds,
      found,
      overdue: older.expiredWaiting.ok ? older.expiredWaiting.value : null,
      grant,
    }),
  );
  let recordedMs: number | null = null;
  let epoch: string | null = null;
  if (state instanceof Missing) checks.push(notAllowed("recording", state.permission, grant));
  else {
    const writers = (state?.writers ?? []).filter(({ seenMs }) => isWriterAlive(seenMs, nowMs));
    const sinceMs = writers.length === 0 ? null : (state?.sinceMs ?? null);
    recordedMs = sinceMs === null ? null : nowMs - sinceMs;
    epoch = state?.epoch ?? null;
    checks.push(...checkWriters({ nowMs, sinceMs, writers, windowSeconds, online }, config));
  }
  if (runs instanceof Missing) checks.push(notAllowed("prune", runs.permission, grant));
  else {
    const jobs = { asOf: new Date(nowMs).toISOString(), ...jobsOf(runs, nowMs) };
    const hasScheduler = config.mongodbUrl !== undefined || jobs.runner === "scheduler";
    checks.push(...checkJobs({ jobs, recordedMs, expired, hasScheduler }));
  }
  return { checks, epoch };
}

/** How many are online; 0 where that is refused, for reasons that are checks of their own. */
async function onlineIn(store: RedisStore, channel: string, windowSeconds: number): Promise<number> {
  try {
    return (await store.count(channel, onlineBounds(store.nowMs(), windowSeconds))).count;
  } catch (error) {
    if (error instanceof PresenceError && error.code === "PRESENCE_STORE_REFUSED") return 0;
    throw error;
  }
}

/** What the Redis user may not do. */
class Missing {
  readonly permission: string;
  constructor(permission: string) {
    this.permission = permission;
  }
}

async function orMissing<Answer>(asking: Promise<Answer>, key: string): Promise<Answer | Missing> {
  try {
    return await asking;
  } catch (error) {
    const permission = missingPermission(error, key);
    if (permission === null) throw error;
    return new Missing(permission);
  }
}

/** A Redis that cannot be asked at all. */
function unusable(error: PresenceError, { url, key }: RedisPlace): Check {
  const permission = missingPermission(error, key);
  if (permission !== null) {
    return fail(
      "redis",
      `this Redis user may not do what counting needs: it lacks ${permission}`,
      grantOf(url, permission),
    );
  }
  return fail("redis", error.message, remedyOf(error));
}

function remedyOf({ code, message }: PresenceError): string {
  if (/WRONGPASS|NOAUTH/.test(message)) {
    return "REDIS_URL=redis://user:password@host:6379/0, with the user and password of this Redis";
  }
  return code === "PRESENCE_STORE_REFUSED"
    ? "the message says why; where another program uses the same names, set PRESENCE_KEY to a prefix of its own"
    : "is REDIS_URL right, does Redis run, does a firewall let this machine in? redis-cli -u <REDIS_URL> PING";
}
