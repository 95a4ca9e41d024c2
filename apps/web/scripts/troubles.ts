import { type RedisServer, startRedis } from "@presence/testkit";
import { type Product, startProduct, visitFrom } from "../test/support/product.ts";

const INGEST_TOKEN = "the-ingest-token-of-a-server-in-trouble";
/** Requests that a proxy passes on. */
const REQUESTS = 3_120;

/** A server in which much is wrong, and its Redis. */
export interface TroubledProduct extends Product {
  readonly redis: RedisServer;
}

/** Starts a server as somebody might have set it up in a hurry, with what its diagnostics find then. */
export async function startTroubledProduct(): Promise<TroubledProduct> {
  const redis = await startRedis({ config: { "maxmemory-policy": "allkeys-lru" } });
  const product = await startProduct({
    REDIS_URL: redis.url,
    // The proxy on this machine is not named.
    PRESENCE_TRUSTED_PROXIES: "",
    PRESENCE_INGEST_TOKENS: INGEST_TOKEN,
  });
  await visitFrom(
    product.url,
    Array.from({ length: REQUESTS }, (_, index) => `203.0.${index % 113}.${index % 250}`),
  );
  // Pages are counted by somebody, and nobody named them here.
  await fetch(`${product.url}/v1/sightings`, {
    method: "POST",
    headers: { authorization: `Bearer ${INGEST_TOKEN}`, "content-type": "application/json" },
    body: JSON.stringify({
      sightings: Array.from({ length: 48 }, (_, index) => ({
        ip: `198.51.100.${index}`,
        channel: "page:/pricing",
      })),
    }),
  });
  return {
    ...product,
    redis,
    async stop() {
      await product.stop();
      await redis[Symbol.asyncDispose]();
    },
  };
}
