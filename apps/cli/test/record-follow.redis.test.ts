import { appendFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import {
  freePort,
  type RedisServer,
  scratchFolder,
  startRedis,
  type TestProcess,
  waitUntil,
} from "@presence/testkit";
import { afterAll, describe, expect, it } from "vitest";
import { startApi } from "./support/api.ts";
import { startCli } from "./support/cli.ts";
import { logLine } from "./support/log-line.ts";
import { startTraffic } from "./support/traffic.ts";

/** How long the store is away. With 20 s it holds too; nothing in it gets another meaning. */
const OUTAGE_MS = 1_500;

/** Nobody expires while a slow machine gets this far. */
const PRESENCE_WINDOW_SECONDS = "600";

const DEADLINE = { timeout: 120_000 };
const TOKEN = "an-ingest-token-of-32-characters-and-more";

const folder = await scratchFolder("record-follow");
afterAll(() => folder.remove());

let logs = 0;
const newLog = (): string => join(folder.path, `access-${(logs += 1)}.log`);

/** Starts to follow a log, and waits until it is followed. */
const follow = (path: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  startCli(["record", "--log", path, "--follow", ...args], {
    env: { PRESENCE_WINDOW_SECONDS, ...env },
    ready: /is being followed/,
  });

/** Who is in the set of a Redis, asked on a connection of its own. */
async function membersOf(server: RedisServer): Promise<readonly string[]> {
  const client = server.client();
  try {
    return await client.zrange("onlines", "0", "-1");
  } finally {
    client.disconnect();
  }
}

/** Waits until exactly these are in the set. */
async function hasExactly(server: RedisServer, addresses: readonly string[]): Promise<void> {
  const counts = async (): Promise<boolean> => (await membersOf(server)).length >= addresses.length;
  await waitUntil(counts, { timeoutMs: 60_000, what: `${addresses.length} visitors` });
  expect((await membersOf(server)).toSorted()).toEqual(addresses.toSorted());
}

const hasSaid = (program: TestProcess, what: RegExp): Promise<unknown> =>
  waitUntil(() => what.test(program.stderr), { timeoutMs: 60_000, what: String(what) });

describe("record --log --follow", DEADLINE, () => {
  it.each([
    ["keeps its data", true],
    ["loses its data", false],
  ])(
    "counts everybody once through renames, a truncation and an outage of a store that %s",
    async (_name, persist) => {
      await using store = await startRedis({ persist });
      const path = newLog();
      const traffic = await startTraffic(path);
      await using following = await follow(path, ["--redis-url", store.url]);
      await traffic.rotate();
      await hasSaid(following, /is another file now/);

      await traffic.pause();
      await hasExactly(store, traffic.addresses);
      await traffic.truncate();
      traffic.resume();
      await hasSaid(following, /was truncated/);

      await store.kill();
      await hasSaid(following, /The store cannot be reached: .* Everything waits until it can be sent\./);
      await traffic.rotate();
      await delay(OUTAGE_MS);
      await store.restart();
      await hasSaid(following, /It can be sent again, after \d/);

      await traffic.stop();
      await hasExactly(store, traffic.addresses);
      expect(await following.stop()).toEqual({ code: 0, signal: null });
      const lines = traffic.addresses.length.toLocaleString("en");
      expect(following.stdout).toBe(`Recorded ${lines} of ${lines} lines on site.\n`);
    },
  );

  it("reads no faster than it can keep, and loses nobody of more than it can keep", async () => {
    await using store = await startRedis();
    const path = newLog();
    await writeFile(path, "");
    await using following = await follow(path, ["--redis-url", store.url]);
    await store.kill();
    const addresses = Array.from({ length: 120_000 }, (_, n) => `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`);
    await appendFile(path, addresses.map((address) => logLine(address)).join(""));
    await hasSaid(following, /Everything waits/);
    await store.restart();
    await hasExactly(store, addresses);
    await following.stop();
    expect(following.stdout).toBe("Recorded 120,000 of 120,000 lines on site.\n");
  });

  it("waits for a store that has no room, and says so", async () => {
    await using store = await startRedis();
    const path = newLog();
    await writeFile(path, "");
    await using following = await follow(path, ["--redis-url", store.url]);
    const client = store.client();
    await client.config("SET", "maxmemory", "1");
    await appendFile(path, logLine("10.0.0.1"));
    await hasSaid(following, /The store refused: OOM .* Everything waits until it can be sent\./);
    await client.config("SET", "maxmemory", "0");
    await hasExactly(store, ["10.0.0.1"]);
    await hasSaid(following, /It can be sent again/);
    expect(await following.stop()).toEqual({ code: 0, signal: null });
  });

  it("begins at the end of the log where lines count as of now", async () => {
    await using store = await startRedis();
    const path = newLog();
    await writeFile(path, logLine("10.0.0.1", 5));
    await using following = await follow(path, ["--at", "now", "--redis-url", store.url]);
    await appendFile(path, logLine("10.0.0.2", 3_600));
    await hasExactly(store, ["10.0.0.2"]);
    following.signal("SIGINT");
    expect(await following.exited).toEqual({ code: 0, signal: null });
    expect(following.stdout).toBe("Recorded 1 of 1 line on site.\n");
  });

  it("says who was not sent when it has to end while the store is away, or has waited long enough", async () => {
    await using store = await startRedis();
    const path = newLog();
    await writeFile(path, "");
    await using following = await follow(path, ["--redis-url", store.url]);
    await using piped = await startCli(["record", "--log", "-", "--redis-url", store.url]);
    piped.write(logLine("10.0.0.1"));
    await hasExactly(store, ["10.0.0.1"]);
    await store.kill();
    await appendFile(path, logLine("10.0.0.2") + logLine("10.0.0.3"));
    piped.write(logLine("10.0.0.4"));
    piped.endInput();
    await hasSaid(following, /Everything waits/);
    expect(await piped.exited).toEqual({ code: 3, signal: null });
    expect(piped.stderr).toMatch(
      /1 visitor was not sent\.\npresence-cli: The store cannot be reached: [^\n]+\n$/,
    );
    // Its patience was ten seconds: in them the other one has read its lines.
    expect(await following.stop(30_000)).toEqual({ code: 3, signal: null });
    expect(following.stderr).toMatch(
      /2 visitors were not sent\.\npresence-cli: The store cannot be reached: [^\n]+\n$/,
    );
  });

  it("waits for an API that is away, and ends when that does not take its token any more", async () => {
    await using store = await startRedis();
    const PORT = String(await freePort());
    const apiEnv = { PORT, REDIS_URL: store.url, PRESENCE_WINDOW_SECONDS };
    const first = await startApi({ ...apiEnv, PRESENCE_INGEST_TOKENS: TOKEN });
    const path = newLog();
    await writeFile(path, logLine("10.0.0.1"));
    await using following = await follow(path, ["--url", first.url, "--token", TOKEN]);
    await hasExactly(store, ["10.0.0.1"]);

    await first[Symbol.asyncDispose]();
    await appendFile(path, logLine("10.0.0.2"));
    await hasSaid(following, /POST \S+\/v1\/sightings cannot be reached: .* Everything waits/);
    const second = await startApi({ ...apiEnv, PRESENCE_INGEST_TOKENS: TOKEN });
    await hasExactly(store, ["10.0.0.1", "10.0.0.2"]);
    await hasSaid(following, /It can be sent again/);

    await second[Symbol.asyncDispose]();
    await using third = await startApi({ ...apiEnv, PRESENCE_INGEST_TOKENS: `another-${TOKEN}` });
    expect(third.url).toBe(first.url);
    await appendFile(path, logLine("10.0.0.3"));
    expect(await following.exited).toEqual({ code: 1, signal: null });
    expect(following.stderr).toMatch(/presence-cli: POST \S+ answered 401: .*Give one with --token/);
  });
});
