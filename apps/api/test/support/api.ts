import { setTimeout as delay } from "node:timers/promises";
import { problemsOf, ProblemSchema, type Problem, type RouteContract } from "@presence/api-contract";
import { createIdentityKeys, createMemoryStore, type Clock, type PresenceStore } from "@presence/core";
import type { HistoryStore } from "@presence/history";
import { connectSqliteHistoryStore } from "@presence/history/sqlite";
import { createLogger, type Environment, type Logger } from "@presence/service-kit";
import type { AppDeps } from "../../src/app-deps.ts";
import { createApp } from "../../src/app.ts";
import { loadApiConfig } from "../../src/config.ts";
import { openMetrics } from "../../src/metrics/open-metrics.ts";
import { startServer } from "../../src/server.ts";
import type { ServerLimits } from "../../src/server/limits.ts";
import { expect, onTestFinished } from "vitest";
import type { z } from "zod";
import { composeDeps } from "../../src/compose.ts";
import { checkAnswer } from "./check-answer.ts";
import { NO_PAGES, type Pages } from "../../src/static/pages.ts";

export const ADMIN_TOKEN = "admin-token-of-at-least-32-characters";
export const INGEST_TOKEN = "ingest-token-of-at-least-32-characters";
export const READ_TOKEN = "read-token-of-at-least-32-characters";

/** Reads of a channel share an answer for 10 ms: who wants to see its own write waits a little longer. */
export const AFTER_SHARED_READS_MS = 15;

const DEFAULTS: Environment = {
  PRESENCE_TRUSTED_PROXIES: "loopback",
  PRESENCE_ADMIN_TOKENS: ADMIN_TOKEN,
  PRESENCE_INGEST_TOKENS: INGEST_TOKEN,
  PRESENCE_READ_TOKENS: READ_TOKEN,
};

/** An API over real HTTP on a port of its own. */
export interface TestApi {
  readonly url: string;
  readonly deps: AppDeps;
  /** All it logged, at debug. */
  readonly log: () => string;
  /** Every answer is held against the OpenAPI document. */
  get(path: string, init?: RequestInit): Promise<Response>;
  /** Sends `body` as JSON. */
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>;
  /** A visit of the client at `address`, as a trusted proxy passes it on. */
  visit(address: string, path?: string): Promise<Response>;
  /** The number, once no earlier answer is shared any more. */
  num(): Promise<number>;
}

/** Options of {@link startTestApi}. */
export interface TestApiOptions {
  readonly env?: Environment;
  /** Of the memory store. @default this machine's */
  readonly clock?: Clock;
  /** @default a memory store */
  readonly store?: PresenceStore;
  /** @default an empty one, in memory */
  readonly history?: HistoryStore;
  readonly limits?: Partial<ServerLimits>;
  /** @default none */
  readonly pages?: Pages;
}

/** Starts the app in this process and ends it with the test. */
export async function startTestApi(options: TestApiOptions = {}): Promise<TestApi> {
  const { env = {}, clock, limits = {}, pages = NO_PAGES } = options;
  const store = options.store ?? createMemoryStore(clock === undefined ? {} : { clock });
  const config = loadApiConfig({ ...DEFAULTS, ...env });
  const history =
    options.history ?? connectSqliteHistoryStore({ path: ":memory:", timeZone: config.timeZone });
  const { logger, log } = collectingLogger();
  const identityKeys = config.identity === "hashed" ? createIdentityKeys(store, config.windowSeconds) : null;
  await identityKeys?.load();
  const steadyMs = clock?.monotonicMs ?? (() => performance.now());
  const deps = composeDeps({
    config,
    store,
    history,
    identityKeys,
    pages,
    metrics: await openMetrics(config, steadyMs),
    logger,
    steadyMs,
    processName: "test:1",
  });
  const server = await startServer(createApp(deps).callback(), {
    host: "127.0.0.1",
    port: 0,
    limits: { quietMs: 0, ...limits },
  });
  deps.presence.start();
  deps.health.markReady();
  onTestFinished(async () => {
    deps.streams.close();
    await server.close();
    await deps.presence.close();
    identityKeys?.close();
    await store.close();
    await history.close();
  });
  const get = async (path: string, init?: RequestInit): Promise<Response> => {
    const answer = await fetch(`${server.url}${path}`, { redirect: "manual", ...init });
    await checkAnswer(init?.method ?? "GET", path, answer);
    return answer;
  };
  return {
    url: server.url,
    deps,
    log,
    get,
    post: (path, body, headers = {}) =>
      get(path, {
        method: "POST",
        body: JSON.stringify(body),
        headers: { "Content-Type": "application/json", ...headers },
      }),
    visit: (address, path = "/") => get(path, { headers: { "X-Forwarded-For": address } }),
    async num() {
      await delay(AFTER_SHARED_READS_MS);
      const { num } = (await (await get("/user/online/")).json()) as { num: number };
      return num;
    },
  };
}

export function bearer(token: string): Record<string, string> {
  return { Authorization: `Bearer ${token}` };
}

/** The body of a good answer, held against the route's contract. */
export async function answerOf<Contract extends RouteContract>(
  response: Response,
  contract: Contract,
): Promise<z.output<Contract["answers"][200]["schema"]>> {
  const schema = contract.answers[response.status]?.schema;
  if (schema === undefined)
    throw new Error(`${contract.path} has no answer ${response.status}: ${await response.text()}`);
  const body: unknown = await response.json();
  const parsed = schema.parse(body);
  expect(parsed, "an answer holds nothing beyond its schema").toEqual(body);
  return parsed as z.output<Contract["answers"][200]["schema"]>;
}

/** The problem of a refused request, held against the problem schema and the route's list of codes. */
export async function problemOf(response: Response, contract?: RouteContract): Promise<Problem> {
  expect(response.headers.get("content-type")).toMatch(/^application\/problem\+json/);
  expect(response.headers.get("cache-control")).toBe("no-store");
  const problem = ProblemSchema.parse(await response.json());
  expect(problem.status).toBe(response.status);
  if (contract !== undefined) expect(problemsOf(contract)).toContain(problem.code);
  return problem;
}

function collectingLogger(): { readonly logger: Logger; readonly log: () => string } {
  let written = "";
  const logger = createLogger({
    name: "test",
    level: "debug",
    keepsAddresses: true,
    destination: { write: (line) => void (written += line) },
  });
  return { logger, log: () => written };
}
