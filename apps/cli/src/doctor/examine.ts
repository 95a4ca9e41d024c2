import type { Diagnostics } from "@presence/api-contract";
import type { CliConfig } from "../config.ts";
import type { Io } from "../io.ts";
import type { Places } from "../source/place.ts";
import { type Check, fail } from "./check.ts";
import { checkFindings } from "./finding-checks.ts";
import { checkTokenFile } from "./token-file-check.ts";
import { checkTokens, checkTransport } from "./token-checks.ts";

/** Longest wait for an API, in milliseconds. */
const API_TIMEOUT_MS = 3_000;

/** What was found, and what was not looked at. */
export interface Examination {
  readonly checks: readonly Check[];
  readonly skipped: readonly Skipped[];
}

/** Something nobody named. */
export interface Skipped {
  readonly what: string;
  /** How to have it looked at. */
  readonly how: string;
}

/** What {@link examine} looks at, and by what. */
export interface Patient {
  readonly places: Places;
  readonly config: CliConfig;
  readonly channel: string;
  readonly io: Pick<Io, "env" | "nowMs">;
  /** A steady clock, in milliseconds. */
  readonly steadyMs: () => number;
}

/** Looks at all of an installation at once. */
export async function examine(patient: Patient): Promise<Examination> {
  const [redis, mongo, api, environment] = await Promise.all([
    ofRedis(patient),
    ofMongo(patient),
    ofApi(patient),
    ofEnvironment(patient),
  ]);
  const diagnostics = api.diagnostics ?? null;
  const findings = diagnostics === null ? [] : checkFindings(diagnostics, redis.epoch ?? null);
  const parts = [redis, mongo, api, found(findings), environment];
  return {
    checks: parts.flatMap(({ checks }) => checks),
    skipped: parts.flatMap(({ skipped }) => skipped),
  };
}

async function ofRedis({
  places,
  config,
  channel,
}: Patient): Promise<Examination & { readonly epoch?: string | null }> {
  if (places.redis === null) return skip("Redis", "--redis-url or REDIS_URL");
  const { checkRedis } = await import("./redis-checks.ts");
  const { checks, epoch } = await checkRedis(places.redis, config, channel);
  return { ...found(checks), epoch };
}

async function ofMongo({ config, io, steadyMs }: Patient): Promise<Examination> {
  if (config.mongodbUrl === undefined) return skip("MongoDB", "MONGODB_URL");
  const { checkMongo } = await import("./mongo-checks.ts");
  return found(await checkMongo({ url: config.mongodbUrl, nowMs: io.nowMs, steadyMs }));
}

async function ofApi({
  places,
  config,
  steadyMs,
}: Patient): Promise<Examination & { readonly diagnostics?: Diagnostics | null }> {
  const { redis, api, isApiNamed } = places;
  const [{ connectApi }, { checkApi }] = await Promise.all([
    import("../source/api/connect.ts"),
    import("./api-checks.ts"),
  ]);
  const connected = await connectApi(api, config, { retries: 0, timeoutMs: API_TIMEOUT_MS });
  const asked = await checkApi({ ...connected, steadyMs, withJobs: redis === null });
  // One that nobody named need not be there, unless there is nothing else.
  if (!asked.isThere && !isApiNamed && redis !== null) return skip("the API", "--url or PRESENCE_URL");
  const checks = [...asked.checks, ...checkTransport(api.url, api.token)];
  return { ...found(checks), diagnostics: asked.diagnostics };
}

async function ofEnvironment({ places, config, io }: Patient): Promise<Examination> {
  const tokens = checkTokens(io.env);
  const file = places.redis === null ? await checkTokenFile(config.dataDir) : [];
  const checks = [...checkVariables(config), ...tokens, ...file];
  const variables = "PRESENCE_ADMIN_TOKENS, PRESENCE_INGEST_TOKENS, PRESENCE_READ_TOKENS";
  return { checks, skipped: tokens.length === 0 ? skip("tokens", variables).skipped : [] };
}

/** What no service starts with. */
function checkVariables({ mongodbUrl, redisUrl }: CliConfig): readonly Check[] {
  return mongodbUrl !== undefined && redisUrl === undefined
    ? [
        fail(
          "environment",
          "MONGODB_URL is set without REDIS_URL: neither the API nor the scheduler starts",
          "REDIS_URL=redis://127.0.0.1:6379/0: several machines share the count through Redis",
        ),
      ]
    : [];
}

function found(checks: readonly Check[]): Examination {
  return { checks, skipped: [] };
}

function skip(what: string, how: string): Examination {
  return { checks: [], skipped: [{ what, how }] };
}
