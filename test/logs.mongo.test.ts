import { connect } from "node:net";
import { join } from "node:path";
import {
  freePort,
  startMongo,
  startProcess,
  startRedis,
  waitUntil,
  type RedisServer,
} from "@presence/testkit";
import { describe, expect, it } from "vitest";
import { startApi, type ApiProgram } from "./support/api.ts";
import { ROOT } from "./support/repository.ts";
import { leaks, SECRETS } from "./support/secrets.ts";

const API = join(ROOT, "apps/api/src/main.ts");
const SCHEDULER = join(ROOT, "apps/scheduler/src/main.ts");
const CLI = join(ROOT, "apps/cli/src/main.ts");

const TOKENS = {
  PRESENCE_ADMIN_TOKENS: SECRETS.adminToken,
  PRESENCE_INGEST_TOKENS: SECRETS.ingestToken,
  PRESENCE_READ_TOKENS: SECRETS.readToken,
  PRESENCE_METRICS_TOKEN: SECRETS.metricsToken,
};

const ALL_OF_IT = { ...TOKENS, LOG_LEVEL: "debug", PRESENCE_TRUSTED_PROXIES: "loopback" };

const run = (main: string, args: readonly string[], env: Record<string, string>) =>
  startProcess(process.execPath, ["--conditions=@presence/source", main, ...args], { env });

/** What a program said until it ended by itself. */
async function said(main: string, args: readonly string[], env: Record<string, string>): Promise<string> {
  await using ended = await run(main, args, env);
  await ended.exited;
  return ended.output;
}

/** A Redis with a password, and its URL with that or another one. */
async function lockedRedis(): Promise<RedisServer & { urlWith(password: string): string }> {
  const redis = await startRedis();
  await redis.client().config("SET", "requirepass", SECRETS.redisPassword);
  return Object.assign(redis, {
    urlWith: (password: string) => redis.url.replace("//", `//default:${password}@`),
  });
}

/** Asks an API for everything a log could be tempted by, and answers how many requests that were. */
async function tempt(api: ApiProgram): Promise<number> {
  const asked: [path: string, token: string, body?: string][] = [
    ["/", ""],
    ["/user/online/", ""],
    [`/v1/online?token=${SECRETS.readToken}`, ""],
    ["/v1/online/visitors", SECRETS.adminToken],
    ["/v1/online/visitors", SECRETS.wrongToken],
    ["/v1/online/visitors?limit=none", SECRETS.adminToken],
    ["/v1/diagnostics", SECRETS.adminToken],
    ["/metrics", SECRETS.metricsToken],
    ["/metrics", SECRETS.wrongToken],
    ["/v1/history", SECRETS.readToken],
    ["/v1/heartbeat", "", "{}"],
    ["/v1/online/forget", SECRETS.adminToken, JSON.stringify({ visitors: [SECRETS.IPv4] })],
    ["/v1/sightings", SECRETS.ingestToken, JSON.stringify({ sightings: [{ ip: SECRETS.IPv4 }] })],
    ["/v1/sightings", SECRETS.ingestToken, JSON.stringify({ sightings: [{ ip: `${SECRETS.IPv4}.5` }] })],
    ["/v1/sightings", SECRETS.ingestToken, `{"sightings":[{"ip":"${SECRETS.IPv4}"`],
    ["/v1/sightings", SECRETS.wrongToken, "{}"],
  ];
  for (const [path, token, body] of asked) {
    for (const address of [SECRETS.IPv4, `${SECRETS.IPv6}::9`]) {
      const headers = {
        "X-Forwarded-For": address,
        Cookie: `session=${SECRETS.adminToken}`,
        ...(token === "" ? {} : { Authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      };
      const method = body === undefined ? "GET" : "POST";
      await fetch(`${api.url}${path}`, { method, headers, body: body ?? null, redirect: "manual" });
    }
  }
  await malformed(api.port);
  return asked.length * 2;
}

/** Requests that no parser takes, with what they would say. */
async function malformed(port: number): Promise<void> {
  for (const request of [
    `GET /v1/online HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${SECRETS.adminToken}\r\nbroken line\r\n\r\n`,
    `NONSENSE ${SECRETS.IPv4} ${SECRETS.adminToken}\r\n\r\n`,
    `GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: ${`${SECRETS.IPv4}, `.repeat(5_000)}\r\n\r\n`,
  ]) {
    const socket = connect(port, "127.0.0.1").on("error", () => {});
    socket.resume().write(request);
    await new Promise((resolve) => void socket.once("close", resolve));
  }
}

const requestLines = (api: ApiProgram): number => api.process.stdout.match(/"msg":"request"/g)?.length ?? 0;

describe.concurrent(
  "no log holds a token, a password or, outside ip mode, an address",
  { timeout: 120_000 },
  () => {
    it.for(["masked", "hashed"])(
      "of an embedded API in %s mode, and there is one line a request",
      async (identity) => {
        await using api = await startApi({ ...ALL_OF_IT, PRESENCE_IDENTITY: identity });
        const requests = await tempt(api);
        await waitUntil(() => requestLines(api) >= requests, { timeoutMs: 30_000 });
        await api.process.stop();
        expect(requestLines(api)).toBe(requests);
        expect(leaks(api.process.output)).toEqual([]);
      },
    );

    it("of an API by default, which says nothing of a request at all", async () => {
      await using api = await startApi({ ...ALL_OF_IT, LOG_LEVEL: undefined });
      await tempt(api);
      await api.process.stop();
      expect(requestLines(api)).toBe(0);
      expect(api.process.stdout).not.toContain('"level":"debug"');
      expect(leaks(api.process.output).filter((leak) => !leak.startsWith("IPv"))).toEqual([]);
    });

    it("of an API and a scheduler whose Redis and MongoDB come and go", async () => {
      await using redis = await lockedRedis();
      await using mongo = await startMongo();
      const env = {
        ...ALL_OF_IT,
        PRESENCE_IDENTITY: "hashed",
        REDIS_URL: redis.urlWith(SECRETS.redisPassword),
        MONGODB_URL: mongo.freshDatabase(),
      };
      await using api = await startApi(env);
      await using scheduler = await run(SCHEDULER, [], { ...env, PORT: "0" });
      await waitUntil(() => /jobs run/.test(scheduler.stdout), { timeoutMs: 60_000 });
      await tempt(api);
      await Promise.all([redis.kill(), mongo.kill()]);
      await tempt(api);
      await waitUntil(() => /the store is lost/.test(api.process.stdout), { timeoutMs: 60_000 });
      await waitUntil(() => /MongoDB is lost/.test(scheduler.stdout), { timeoutMs: 60_000 });
      await Promise.all([api.process.stop(), scheduler.stop()]);
      expect(leaks(api.process.output)).toEqual([]);
      expect(leaks(scheduler.output)).toEqual([]);
    });

    it("of an API and a scheduler with wrong passwords", async () => {
      await using redis = await lockedRedis();
      await using mongo = await startMongo();
      const env = {
        ...ALL_OF_IT,
        PORT: "0",
        PRESENCE_IDENTITY: "hashed",
        REDIS_URL: redis.urlWith(SECRETS.wrongRedisPassword),
        MONGODB_URL: mongo.freshDatabase().replace("//", `//someone:${SECRETS.mongoPassword}@`),
      };
      await using api = await run(API, [], env);
      await using scheduler = await run(SCHEDULER, [], env);
      await waitUntil(() => !api.isRunning || /WRONGPASS/.test(api.output), { timeoutMs: 60_000 });
      await waitUntil(() => !scheduler.isRunning || /MongoDB cannot be used/.test(scheduler.output), {
        timeoutMs: 60_000,
      });
      await Promise.all([api.stop(), scheduler.stop()]);
      expect(leaks(api.output)).toEqual([]);
      expect(leaks(scheduler.output)).toEqual([]);
    });

    it.for([
      [
        "nothing but mistakes",
        {
          PORT: "none",
          PRESENCE_ADMIN_TOKENS: SECRETS.shortToken,
          REDIS_URL: `redis://:${SECRETS.redisPassword}@host:port`,
          MONGODB_URL: `mongodb:/u:${SECRETS.mongoPassword}@host`,
        },
      ],
      [
        "a Redis URL of another kind and a MongoDB option that is none",
        {
          REDIS_URL: `http://:${SECRETS.redisPassword}@host`,
          MONGODB_URL: `mongodb://u:${SECRETS.mongoPassword}@host/?w=a&tls=b`,
        },
      ],
      ["a Redis URL without its slashes", { REDIS_URL: `redis:${SECRETS.redisPassword}@host` }],
      ["a Sentinel without a group", { REDIS_URL: `redis+sentinel://:${SECRETS.redisPassword}@host` }],
      ["a MongoDB without a Redis", { MONGODB_URL: `mongodb://u:${SECRETS.mongoPassword}@host` }],
    ] as const)("of programs that %j keeps from starting", async ([, wrong]) => {
      const env = { ...ALL_OF_IT, PORT: "0", ...wrong };
      const [api, scheduler, doctor] = await Promise.all([
        said(API, [], env),
        said(SCHEDULER, [], env),
        said(CLI, ["doctor"], { ...env, PRESENCE_URL: "http://127.0.0.1:1" }),
      ]);
      expect(api).not.toBe("");
      expect([api, scheduler, doctor].flatMap(leaks)).toEqual([]);
    });

    it("of an API whose port another one has", async () => {
      await using first = await startApi({});
      const log = await said(API, [], { ...ALL_OF_IT, PORT: `${first.port}` });
      expect(log).toContain(`${first.port}`);
      expect(leaks(log)).toEqual([]);
    });

    it("of a command line that is let in nowhere", async () => {
      await using redis = await lockedRedis();
      await using api = await startApi(ALL_OF_IT);
      const nobody = `http://127.0.0.1:${await freePort()}`;
      const wrong = {
        REDIS_URL: redis.urlWith(SECRETS.wrongRedisPassword),
        MONGODB_URL: `mongodb://u:${SECRETS.mongoPassword}@127.0.0.1:${await freePort()}/presence`,
      };
      const logs = await Promise.all([
        said(CLI, ["count"], wrong),
        said(CLI, ["doctor"], { ...wrong, ...TOKENS }),
        said(CLI, ["history"], wrong),
        said(CLI, ["count", "--redis-url", `redis://:${SECRETS.redisPassword}@127.0.0.1:1`], {}),
        said(CLI, ["list", "--url", api.url, "--token", SECRETS.wrongToken], {}),
        said(CLI, ["prune", "--url", nobody, "--token", SECRETS.adminToken], {}),
        said(CLI, ["count", "--url", nobody.replace("//", `//u:${SECRETS.redisPassword}@`)], {}),
        said(CLI, ["jobs", "--url", api.url], { PRESENCE_TOKEN: SECRETS.wrongToken }),
        said(CLI, ["list", "--url", api.url], { PRESENCE_TOKEN: `${SECRETS.wrongToken}\n` }),
      ]);
      for (const log of logs) expect(log).not.toBe("");
      expect(logs.flatMap(leaks)).toEqual([]);
    });
  },
);
