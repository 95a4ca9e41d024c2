import { createIdentityKeys } from "@presence/core";
import type { Job } from "@presence/jobs";
import { runCleanups, type Cleanup, type Logger } from "@presence/service-kit";
import { openAdminToken, type AdminTokenFile } from "./admin-token.ts";
import type { AppDeps } from "./app-deps.ts";
import { createApp } from "./app.ts";
import { composeDeps } from "./compose.ts";
import type { ApiConfig } from "./config.ts";
import { jobsOf, startJobs } from "./jobs.ts";
import { keepLearningChannels } from "./channel-watch.ts";
import { startMetricsListener } from "./metrics/listener.ts";
import { openMetrics } from "./metrics/open-metrics.ts";
import { openHistory } from "./open-history.ts";
import { openStore } from "./open-store.ts";
import { startServer } from "./server.ts";
import { connectionsAllowed } from "./server/open-files.ts";
import { PAGE_LOCATIONS } from "./static/locations.ts";
import { loadPages, missingPages, type Pages } from "./static/pages.ts";
import { keepAsking } from "./store-watch.ts";

/** Connections for everything that is no stream. */
const CONNECTIONS_BESIDE_STREAMS = 1_000;

/** A server that counts. */
export interface StartedApi {
  /** As bound: `http://127.0.0.1:3000`. */
  readonly url: string;
  /** The admin token made for embedded mode; `null` where tokens are configured. */
  readonly adminToken: AdminTokenFile | null;
  /** What an orderly end does, in order. */
  readonly cleanups: readonly Cleanup[];
  /** Runs the cleanups. Idempotent. */
  close(): Promise<void>;
}

/** Options of {@link startApi}. */
export interface StartApiOptions {
  /** What is run where this process runs the jobs. @default the jobs of every installation */
  readonly jobs?: (deps: AppDeps) => readonly Job[];
}

/**
 * Opens everything the configuration asks for and listens.
 *
 * @throws {ConfigError} when the data directory cannot be used, {@link ListenError} when the port cannot be had.
 */
export async function startApi(
  given: ApiConfig,
  logger: Logger,
  processName: string,
  { jobs: jobsToRun = jobsOf }: StartApiOptions = {},
): Promise<StartedApi> {
  const adminToken = await adminTokenOf(given);
  const config = adminToken === null ? given : withAdminToken(given, adminToken);
  const pages = await openPages(logger);
  const steadyMs = (): number => performance.now();
  const metrics = await openMetrics(config, steadyMs);
  const history = await openHistory(config);
  const { store, settled } = openStore(config, logger);
  const identityKeys = config.identity === "hashed" ? createIdentityKeys(store, config.windowSeconds) : null;
  const deps = composeDeps({
    config,
    store,
    history,
    identityKeys,
    pages,
    metrics,
    logger,
    processName,
    steadyMs,
  });
  const { health, presence, streams } = deps;
  const opened: Cleanup[] = [
    { name: "flush the recorder", run: () => presence.close() },
    { name: "let go of the identity keys", run: () => identityKeys?.close() },
    { name: "close the store", run: () => store.close() },
    { name: "close the history", run: () => history.close() },
  ];
  try {
    // Requests are answered either way.
    const awayFor = await settled();
    if (awayFor !== null) deps.storeLog.notThere(awayFor);
    // Where it fails, the first visitors of the day wait uncounted until the store is back: it is asked again.
    await identityKeys
      ?.load()
      .catch((error: unknown) => logger.warn({ err: error }, "no key for hashed identity yet"));
    if (metrics !== null && config.metricsPort !== null) {
      const listener = await startMetricsListener(metrics, config.metricsPort, logger);
      opened.unshift({ name: "close the metrics", run: () => listener.close() });
    }
    const server = await startServer(createApp(deps).callback(), {
      host: config.host,
      port: config.port,
      limits: { maxConnections: await mostConnections(config, logger) },
    });
    presence.start();
    const watches = [
      keepAsking({ store, presence, log: deps.storeLog }),
      keepLearningChannels(deps),
      deps.diagnostics.start(),
    ];
    const jobs = config.runsJobs ? startJobs(deps, jobsToRun(deps)) : null;
    health.markReady();
    const cleanups: readonly Cleanup[] = [
      { name: "say that it drains", run: () => health.markDraining() },
      { name: "end the streams", run: () => streams.close() },
      { name: "finish requests under way", run: () => server.close() },
      { name: "end the jobs", run: () => jobs?.close() },
      { name: "stop asking the store", run: () => watches.forEach((watch) => watch.close()) },
      ...opened,
    ];
    let closed: Promise<void> | undefined;
    return { url: server.url, adminToken, cleanups, close: () => (closed ??= runCleanups(cleanups, logger)) };
  } catch (error) {
    await runCleanups(opened, logger);
    throw error;
  }
}

/** As many as streams and the rest want, or as the system allows. */
async function mostConnections({ streamsMax }: ApiConfig, logger: Logger): Promise<number> {
  const wanted = streamsMax + CONNECTIONS_BESIDE_STREAMS;
  const allowed = (await connectionsAllowed()) ?? wanted;
  if (allowed >= wanted) return wanted;
  logger.warn(
    { connections: allowed, wanted },
    "this process may have fewer connections than PRESENCE_STREAMS_MAX and others need: raise its limit of open files (ulimit -n, LimitNOFILE)",
  );
  return allowed;
}

async function openPages(logger: Logger): Promise<Pages> {
  const pages = await loadPages(PAGE_LOCATIONS);
  const missing = missingPages(pages);
  if (missing !== null) logger.warn(missing);
  return pages;
}

/** In embedded mode without a configured one, an admin token is made and kept in the data directory. */
async function adminTokenOf({ redisUrl, tokens, dataDir }: ApiConfig): Promise<AdminTokenFile | null> {
  return redisUrl === null && tokens.admin.length === 0 ? openAdminToken(dataDir) : null;
}

function withAdminToken(config: ApiConfig, { token }: AdminTokenFile): ApiConfig {
  return { ...config, tokens: { ...config.tokens, admin: [token] } };
}
