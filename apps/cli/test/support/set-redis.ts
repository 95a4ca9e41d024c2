import { redisForTests } from "@presence/testkit";

type TestRedis = Awaited<ReturnType<typeof redisForTests>>;
type TestClient = ReturnType<TestRedis["client"]>;

/** A Redis whose sets are filled as any other program would. */
export interface SetRedis extends AsyncDisposable {
  readonly url: string;
  readonly client: TestClient;
  /** The environment of a command that asks it. */
  readonly env: { readonly REDIS_URL: string; readonly PRESENCE_KEY: string };
  /** The key of a channel's set. */
  keyOf(channel?: string): string;
  /** The server's clock, in seconds. */
  nowSeconds(): Promise<number>;
  /** Visitors by how many seconds ago they were seen. */
  seen(visitors: Readonly<Record<string, number>>, channel?: string): Promise<void>;
  /** Takes away all there is. */
  clear(): Promise<void>;
}

export async function startSetRedis(): Promise<SetRedis> {
  const redis = await redisForTests();
  const client = redis.client();
  const keyOf = (channel = "site"): string =>
    channel === "site" ? redis.key : `${redis.key}:channel:${channel}`;
  const nowSeconds = async (): Promise<number> => {
    const [seconds, microseconds] = await client.time();
    return Number(seconds) + Number(microseconds) / 1_000_000;
  };
  return {
    url: redis.url,
    client,
    env: { REDIS_URL: redis.url, PRESENCE_KEY: redis.key },
    keyOf,
    nowSeconds,
    async seen(visitors, channel) {
      const now = await nowSeconds();
      const scored = Object.entries(visitors).flatMap(([visitor, secondsAgo]) => [now - secondsAgo, visitor]);
      if (scored.length > 0) await client.zadd(keyOf(channel), ...scored);
    },
    async clear() {
      const keys = await client.keys(`${redis.key}*`);
      if (keys.length > 0) await client.unlink(...keys);
    },
    [Symbol.asyncDispose]: () => redis.stop(),
  };
}
