import { DEFAULT_CHANNEL, onlineBounds, type Presence, type PresenceStore } from "@presence/core";
import type { RedisStore } from "@presence/core/redis";
import type { ApiConfig } from "../config.ts";
import type { Facts, StoreFacts } from "./facts.ts";
import type { Observations } from "./observations.ts";

/** Visitors whose form is looked at. */
const SAMPLED_VISITORS = 100;

/** What facts are gathered from. */
export interface FactSources {
  readonly config: ApiConfig;
  readonly presence: Pick<Presence, "stats" | "store" | "writer">;
  readonly observations: Observations;
  readonly startedMs: number;
  /** A steady clock, in milliseconds. */
  readonly steadyMs: () => number;
}

/** Asks the store about itself and adds what this process saw. Never throws for the store: that is a fact, too. */
export async function gatherFacts(sources: FactSources): Promise<Facts> {
  const { config, presence, observations, startedMs, steadyMs } = sources;
  const { store, writer } = presence;
  const [found, jobs] = await Promise.all([
    askStore(store, config.windowSeconds, steadyMs),
    store.jobs.runs().catch(() => null),
  ]);
  return {
    nowMs: store.nowMs(),
    startedMs,
    config,
    requests: observations.requests.summary(),
    sightings: observations.sightings.summary(),
    dropped: observations.droppedOf(presence.stats().refused.full),
    store: found,
    writer,
    writers: found.state?.writers ?? observations.writers(),
    jobs,
    dataLostMs: observations.dataLostMs(),
  };
}

async function askStore(
  store: PresenceStore,
  windowSeconds: number,
  steadyMs: () => number,
): Promise<StoreFacts> {
  const askedMs = steadyMs();
  const answered = store.state().then(
    (state) => ({ state, latencyMs: Math.max(0, steadyMs() - askedMs) }),
    () => ({ state: null, latencyMs: null }),
  );
  const redis = isRedisStore(store) ? store : null;
  const [{ state, latencyMs }, inspection, sample] = await Promise.all([
    answered,
    redis?.inspect(windowSeconds).catch(() => null) ?? null,
    redis === null ? [] : latestVisitors(redis, windowSeconds).catch(() => []),
  ]);
  const [isReady, clock] = [store.isReady(), store.clock()];
  return { name: store.name, isReady, latencyMs, state, clock, inspection, sample };
}

async function latestVisitors(store: PresenceStore, windowSeconds: number): Promise<readonly string[]> {
  const bounds = onlineBounds(store.nowMs(), windowSeconds);
  const options = { order: "recent", limit: SAMPLED_VISITORS, after: null } as const;
  return (await store.list(DEFAULT_CHANNEL, bounds, options)).map(({ visitor }) => visitor);
}

function isRedisStore(store: PresenceStore): store is RedisStore {
  return store.name === "redis" && "inspect" in store;
}
