import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Redis } from "ioredis";
import { scratchFolder } from "../process/scratch.ts";
import { waitUntil } from "../process/wait-until.ts";
import { answersPing, type RedisServer, type RedisServerOptions, serveRedis, startRedis } from "./server.ts";

/** Options of {@link startSentinel}. */
export interface SentinelOptions {
  /** @default 2 */
  readonly replicas?: number;
  /** @default 3 */
  readonly sentinels?: number;
  /** Without an answer for this long a server is down, in milliseconds. @default 1000 */
  readonly downAfterMs?: number;
  /** Settings of the master and its replicas. */
  readonly config?: RedisServerOptions["config"];
}

/** A master, its replicas, and the Sentinels that watch them. */
export interface RedisSentinel extends AsyncDisposable {
  /** `redis+sentinel://127.0.0.1:<port>,…/<name>` */
  readonly url: string;
  /** What the master is called. */
  readonly name: string;
  /** Master and replicas, whichever of them is which now. */
  readonly servers: readonly RedisServer[];
  readonly sentinels: readonly RedisServer[];
  /** Who is master now, by the word of most Sentinels. */
  master(): Promise<RedisServer>;
  /** Waits until the Sentinels agree on a master other than `former` that says so itself. */
  nextMaster(former: RedisServer, timeoutMs?: number): Promise<RedisServer>;
  /** Asks for an orderly change of the master, and answers the new one. */
  failover(): Promise<RedisServer>;
  /** A client that follows the master, ended by {@link RedisSentinel.stop}. */
  client(): Redis;
  stop(): Promise<void>;
}

const HOST = "127.0.0.1";
const NAME = "presence-test";

/** Starts a master, replicas and Sentinels, and waits until each knows all others. */
export async function startSentinel(options: SentinelOptions = {}): Promise<RedisSentinel> {
  const { replicas = 2, sentinels: sentinelCount = 3, downAfterMs = 1_000, config = {} } = options;
  const started: RedisServer[] = [];
  const clients: Redis[] = [];
  const stop = async (): Promise<void> => {
    for (const client of clients) client.disconnect();
    // Sentinels first: they would take the end of the others for a fault.
    for (const server of started.toReversed()) await server.stop();
  };
  try {
    const fast = { "repl-diskless-sync-delay": 0, ...config };
    const first = await startRedis({ config: fast });
    started.push(first);
    const follow = ["--replicaof", `${HOST} ${first.port}`];
    const followers = await Promise.all(
      Array.from({ length: replicas }, () => startRedis({ config: fast, args: follow })),
    );
    started.push(...followers);
    const quorum = Math.floor(sentinelCount / 2) + 1;
    const sentinels = await Promise.all(
      Array.from({ length: sentinelCount }, () => startSentinelNode(first.port, quorum, downAfterMs)),
    );
    started.push(...sentinels);
    const servers = [first, ...followers];
    await Promise.all(sentinels.map((sentinel) => knowsAll(sentinel, replicas, sentinelCount)));
    return handle(servers, sentinels, clients, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

function handle(
  servers: readonly RedisServer[],
  sentinels: readonly RedisServer[],
  clients: Redis[],
  stopAll: () => Promise<void>,
): RedisSentinel {
  const hosts = sentinels.map(({ port }) => ({ host: HOST, port }));
  const ask = sentinels.map((sentinel) => sentinel.client({ commandTimeout: 500, maxRetriesPerRequest: 0 }));

  async function agreedPort(): Promise<number | null> {
    const votes = new Map<number, number>();
    for (const client of ask) {
      const [, port] = await client
        .call("SENTINEL", "GET-MASTER-ADDR-BY-NAME", NAME)
        .then(asStrings, () => []);
      if (port !== undefined) votes.set(Number(port), (votes.get(Number(port)) ?? 0) + 1);
    }
    const [winner] = [...votes].filter(([, count]) => count * 2 > sentinels.length);
    return winner?.[0] ?? null;
  }

  async function agreed(isWanted: (server: RedisServer) => boolean, timeoutMs: number): Promise<RedisServer> {
    return waitUntil(
      async () => {
        const port = await agreedPort();
        const server = servers.find((each) => each.port === port);
        return server !== undefined && isWanted(server) && (await saysMaster(server)) && server;
      },
      { timeoutMs, everyMs: 50, what: "a master the Sentinels agree on" },
    );
  }

  const master = (): Promise<RedisServer> => agreed(() => true, 15_000);
  const nextMaster = (former: RedisServer, timeoutMs = 30_000): Promise<RedisServer> =>
    agreed((server) => server !== former, timeoutMs);
  let stopped: Promise<void> | null = null;
  const stop = (): Promise<void> => (stopped ??= stopAll());
  return {
    url: `redis+sentinel://${hosts.map(({ host, port }) => `${host}:${port}`).join(",")}/${NAME}`,
    name: NAME,
    servers,
    sentinels,
    master,
    nextMaster,
    async failover() {
      const former = await master();
      await waitUntil(async () => {
        await ask[0]?.call("SENTINEL", "FAILOVER", NAME);
        return true;
      });
      return nextMaster(former);
    },
    client() {
      const client: Redis = new Redis({ sentinels: hosts, name: NAME, failoverDetector: true });
      client.on("error", () => {});
      clients.push(client);
      return client;
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

async function saysMaster(server: RedisServer): Promise<boolean> {
  const client = server.client({ commandTimeout: 500, maxRetriesPerRequest: 0, retryStrategy: () => null });
  try {
    return String(await client.role()).startsWith("master");
  } finally {
    client.disconnect();
  }
}

async function startSentinelNode(
  masterPort: number,
  quorum: number,
  downAfterMs: number,
): Promise<RedisServer> {
  const folder = await scratchFolder("sentinel");
  const file = join(folder.path, "sentinel.conf");
  await writeFile(
    file,
    [
      `sentinel monitor ${NAME} ${HOST} ${masterPort} ${quorum}`,
      `sentinel down-after-milliseconds ${NAME} ${downAfterMs}`,
      // Twice this until a failed attempt is made again.
      `sentinel failover-timeout ${NAME} 5000`,
      `sentinel parallel-syncs ${NAME} 1`,
      "",
    ].join("\n"),
  );
  const fixed = ["--bind", HOST, "--dir", folder.path];
  return serveRedis(
    folder,
    (moreArgs) => ({
      command: "redis-server",
      args: (port) => [file, "--sentinel", "--port", String(port), ...fixed, ...moreArgs],
      isReady: (port) => answersPing(port),
    }),
    null,
  );
}

/** Waits until a Sentinel sees every replica in step and every other Sentinel. */
async function knowsAll(sentinel: RedisServer, replicas: number, sentinels: number): Promise<void> {
  const client = sentinel.client();
  await waitUntil(
    async () => {
      const known = await client.call("SENTINEL", "REPLICAS", NAME).then(asRecords);
      const others = await client.call("SENTINEL", "SENTINELS", NAME).then(asRecords);
      const inStep = known.filter((replica) => replica.get("master-link-status") === "ok");
      return inStep.length === replicas && others.length === sentinels - 1;
    },
    { timeoutMs: 30_000, everyMs: 50, what: "Sentinels that know each other" },
  );
}

function asStrings(answer: unknown): readonly string[] {
  return Array.isArray(answer) ? answer.map(String) : [];
}

/** Sentinel answers flat lists of names and values. */
function asRecords(answer: unknown): readonly ReadonlyMap<string, string>[] {
  if (!Array.isArray(answer)) return [];
  return answer.map((fields: unknown) => {
    const texts = asStrings(fields);
    const record = new Map<string, string>();
    for (let index = 0; index + 1 < texts.length; index += 2) {
      record.set(texts[index] ?? "", texts[index + 1] ?? "");
    }
    return record;
  });
}
