import { createVisitorReader, type VisitorReader } from "@presence/client-address";
import {
  createChannelPolicy,
  createPresence,
  type IdentityKeys,
  type IdentityKeysNow,
  type PresenceStore,
} from "@presence/core";
import { createDayCalendar, type HistoryStore } from "@presence/history";
import { createHealth, type Logger } from "@presence/service-kit";
import { isbot } from "isbot";
import type { AppDeps } from "./app-deps.ts";
import { createCallers } from "./callers.ts";
import type { ApiConfig } from "./config.ts";
import { createDiagnostics } from "./diagnostics/diagnostics.ts";
import { createObservations } from "./diagnostics/observations.ts";
import { createAccess } from "./http/access.ts";
import { createCursors } from "./http/cursor.ts";
import { createIngest } from "./ingest.ts";
import type { Pages } from "./static/pages.ts";
import type { ApiMetrics } from "./metrics/api-metrics.ts";
import { createStoreLog } from "./store-log.ts";
import { createNewsReader } from "./stream/news.ts";
import { createStreamHub } from "./stream/stream-hub.ts";
import { createUniquesDay } from "./uniques.ts";
import { readVersion } from "./version.ts";

/** Counts of a channel read within this many milliseconds share one answer. */
export const SHARE_READS_MS = 10;

/** What {@link composeDeps} does not make itself. */
export interface ComposeOptions {
  /** With the tokens to use. */
  readonly config: ApiConfig;
  readonly store: PresenceStore;
  readonly history: HistoryStore;
  /** The keys of `hashed` identity; `null` for the others. */
  readonly identityKeys: IdentityKeys | null;
  readonly pages: Pages;
  /** `null` where nobody may scrape them. */
  readonly metrics: ApiMetrics | null;
  readonly logger: Logger;
  /** A steady clock, in milliseconds. */
  readonly steadyMs: () => number;
  readonly processName: string;
}

/** Puts together what the app needs, over a store that is open. */
export function composeDeps(options: ComposeOptions): AppDeps {
  const { config, history, logger, metrics, pages, steadyMs, processName } = options;
  const store = metrics?.measuring(options.store) ?? options.store;
  const calendar = createDayCalendar(config.timeZone);
  const uniquesDay = createUniquesDay(config.historyChannels, calendar);
  const channels = createChannelPolicy({
    allowed: config.channels,
    max: config.channelsMax,
    liveMs: config.keyTtlSeconds * 1_000,
  });
  const observations = createObservations(store.nowMs);
  const storeLog = createStoreLog(logger);
  const presence = createPresence({
    store,
    channels,
    shareReadsMs: SHARE_READS_MS,
    windowSeconds: config.windowSeconds,
    keyTtlSeconds: config.keyTtlSeconds,
    flushMs: config.flushMs,
    bufferVisitors: config.bufferVisitors,
    profile: { identity: config.identity, ipv6Prefix: config.ipv6Prefix },
    uniquesDay,
    onEvent(event) {
      storeLog.hear(event);
      observations.hear(event);
      metrics?.onPresenceEvent(event);
    },
  });
  const reader = createReader(options);
  const ingest = createIngest({
    presence,
    reader,
    channels,
    tally: observations.sightings,
    maxWaiting: config.bufferVisitors,
  });
  const deps: AppDeps = {
    config,
    presence,
    history,
    calendar,
    channels,
    logger,
    storeLog,
    steadyMs,
    processName,
    metrics,
    callers: createCallers({
      presence,
      reader,
      tally: observations.requests,
      trustedProxies: config.trustedProxies,
      clientHeader: config.clientHeader,
      onNobody: metrics?.onNobody,
    }),
    ingest: metrics?.counting(ingest) ?? ingest,
    streams: createStreamHub({
      readNews: createNewsReader({ presence, withBots: config.bots === "separate", logger }),
      max: config.streamsMax,
      maxPerClient: config.streamsPerClient,
      nowMs: store.nowMs,
      steadyMs,
    }),
    diagnostics: createDiagnostics({
      config,
      presence,
      observations,
      steadyMs,
      startedMs: store.nowMs(),
      version: readVersion(),
      logger,
    }),
    pages,
    health: createHealth(),
    access: createAccess({ tokens: config.tokens, publicParts: config.publicParts, nowMs: steadyMs }),
    cursors: createCursors(config.tokens.admin),
  };
  metrics?.watch(deps);
  return deps;
}

function createReader({ config, store, identityKeys }: ComposeOptions): VisitorReader {
  const hashKeys = (): IdentityKeysNow | null => identityKeys?.at(store.nowMs()) ?? null;
  return createVisitorReader({
    trustedProxies: config.trustedProxies,
    header: config.clientHeader,
    ipv6Prefix: config.ipv6Prefix,
    ignore: config.ignore,
    identity: config.identity === "hashed" ? { hashKeys } : config.identity,
    bots: config.bots === "include" ? "include" : { action: config.bots, isBot: isbot },
  });
}
