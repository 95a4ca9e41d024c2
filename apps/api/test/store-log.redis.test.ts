import { type RedisServer, startRedis, waitUntil } from "@presence/testkit";
import { expect, it } from "vitest";
import { type ApiProgram, startApiProgram } from "./support/programs.ts";

const WINDOW_SECONDS = 2;

const DEADLINE = { timeout: 120_000 };

/** A line of the log of what happened to the store. */
interface StoreLine {
  readonly level: string;
  readonly msg: string;
  readonly remedy?: string;
}

/** A process whose log is read from some moment on. */
interface Heard {
  readonly url: string;
  /** What it has logged of its store since, in order. */
  lines(): readonly StoreLine[];
  hasSaid(what: RegExp): Promise<unknown>;
}

function hear({ url, process: api }: ApiProgram, from: number): Heard {
  const lines = (): readonly StoreLine[] =>
    api.stdout
      .slice(from)
      .split("\n")
      .filter((line) => /"msg":"(the store|Redis) .*\}$/.test(line))
      .map((line) => JSON.parse(line) as StoreLine);
  return {
    url,
    lines,
    hasSaid: (what) =>
      waitUntil(() => lines().some(({ msg }) => what.test(msg)), { timeoutMs: 60_000, what: String(what) }),
  };
}

/** Starts the API and hears it from when its count is complete: nobody has visited, and nobody will. */
async function startUnvisited({ url: redisUrl }: RedisServer): Promise<Heard> {
  const api = await startApiProgram({
    REDIS_URL: redisUrl,
    PRESENCE_WINDOW_SECONDS: String(WINDOW_SECONDS),
  });
  await waitUntil(
    async () => {
      const response = await fetch(`${api.url}/v1/online`);
      return ((await response.json()) as { complete?: boolean }).complete === true;
    },
    { timeoutMs: 60_000, what: "a complete count" },
  );
  return hear(api, api.process.stdout.length);
}

it(
  "is told once each, while nobody visits, that a store is lost, back, empty and whole again",
  DEADLINE,
  async () => {
    await using redis = await startRedis();
    const api = await startUnvisited(redis);
    await redis.kill();
    await api.hasSaid(/is lost/);
    // It has been asked in vain again and again by then.
    await waitUntil(async () => (await fetch(`${api.url}/v1/online`)).status === 503);
    await redis.restart();
    await api.hasSaid(/whole again/);
    const [lost, ...others] = api.lines();
    expect(lost).toMatchObject({
      level: "warn",
      msg: "the store is lost: visits wait for it, counts are stale",
      remedy: expect.stringContaining("redis-cli -u $REDIS_URL PING"),
      err: { code: "PRESENCE_STORE_UNAVAILABLE" },
    });
    expect(others.pop()).toMatchObject({
      level: "info",
      msg: "the store is whole again: counts are complete",
    });
    // Whichever of the two is found out first.
    expect(others.toSorted((a, b) => (a.msg < b.msg ? -1 : 1))).toEqual([
      expect.objectContaining({ level: "info", msg: "the store is back" }),
      expect.objectContaining({
        level: "warn",
        msg: expect.stringMatching(/^the store lost its data: /),
        remedy: expect.stringContaining("see its log"),
      }),
    ]);
  },
);

it("is told once each that a store that went on lost its data, and is whole again", DEADLINE, async () => {
  await using redis = await startRedis();
  const api = await startUnvisited(redis);
  await redis.client().flushall();
  await api.hasSaid(/whole again/);
  expect(api.lines().map(({ msg }) => msg.split(":")[0])).toEqual([
    "the store lost its data",
    "the store is whole again",
  ]);
});

it("is told once that a store refuses what is written, with another remedy", DEADLINE, async () => {
  await using redis = await startRedis();
  const api = await startUnvisited(redis);
  const admin = redis.client();
  await admin.config("SET", "maxmemory", "1");
  await api.hasSaid(/does not take/);
  await fetch(`${api.url}/`, { redirect: "manual" });
  await admin.config("SET", "maxmemory", "0");
  await api.hasSaid(/is back/);
  expect(api.lines()).toEqual([
    expect.objectContaining({
      level: "warn",
      msg: "the store does not take this process' registration: counts are incomplete",
      remedy: expect.stringContaining("presence-cli doctor"),
    }),
    expect.objectContaining({ level: "info", msg: "the store is back" }),
  ]);
});

it("is told once that a store is not there at the start, and once that it came", DEADLINE, async () => {
  await using redis = await startRedis();
  await redis.kill();
  const api = hear(await startApiProgram({ REDIS_URL: redis.url }), 0);
  await waitUntil(async () => {
    const ready = (await (await fetch(`${api.url}/ready`)).json()) as { store: string };
    return ready.store === "degraded";
  });
  await redis.restart();
  await api.hasSaid(/is back/);
  expect(api.lines()).toEqual([
    expect.objectContaining({ level: "warn", msg: expect.stringMatching(/^Redis cannot be reached yet: /) }),
    expect.objectContaining({ level: "info", msg: "the store is back" }),
  ]);
});
