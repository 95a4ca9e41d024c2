import { Cluster, Redis } from "ioredis";
import { parseRedisUrl, type RedisAddress } from "./address.ts";

/** Either kind of ioredis client. */
export type RedisClient = Redis | Cluster;

/** Longest wait for one answer before the store counts as away, in milliseconds. */
export const COMMAND_TIMEOUT_MS = 1_000;

/** A connection whose server owes an answer for this long is given up and made anew, in milliseconds. */
const SOCKET_TIMEOUT_MS = 2_000;

const CONNECT_TIMEOUT_MS = 2_000;

/** Longest wait for a server to take leave; the client's own 2 s would hold up a program that is done. */
const DISCONNECT_TIMEOUT_MS = 100;

const RECONNECT_CAP_MS = 1_000;

/**
 * Opens a client that never queues while it is not connected, never repeats a command by itself, and comes back
 * within a second or two of its server. It begins to connect at once; errors reach `onError`.
 *
 * @throws {PresenceError} `PRESENCE_INVALID_OPTION` for a URL that is none.
 */
export function connectRedis(url: string, onError: (error: Error) => void): RedisClient {
  const client = openClient(parseRedisUrl(url));
  client.on("error", onError);
  return client;
}

function openClient(address: RedisAddress): RedisClient {
  const { hosts, tls, username, password, db, kind, master } = address;
  const common = {
    db,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(tls ? { tls: {} } : {}),
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: COMMAND_TIMEOUT_MS,
    socketTimeout: SOCKET_TIMEOUT_MS,
    connectTimeout: CONNECT_TIMEOUT_MS,
    disconnectTimeout: DISCONNECT_TIMEOUT_MS,
    retryStrategy: backOff,
    // A demoted master answers READONLY until somebody looks for the new one.
    reconnectOnError: (error: Error): boolean => error.message.startsWith("READONLY"),
  };
  switch (kind) {
    case "standalone":
      return new Redis({ ...common, ...hosts[0] });
    case "sentinel":
      return new Redis({
        ...common,
        sentinels: [...hosts],
        name: master ?? "",
        sentinelRetryStrategy: backOff,
        // Without it the client wrote to a demoted master for about ten seconds and saw no error.
        failoverDetector: true,
        ...(tls ? { enableTLSForSentinelMode: true } : {}),
      });
    case "cluster":
      return new Cluster([...hosts], {
        // Only here does it reach the cluster's own queue; inside redisOptions it is ignored.
        enableOfflineQueue: false,
        clusterRetryStrategy: backOff,
        // A write repeated a moment later would come behind a read that was sent after it. TRYAGAIN, whose repeats
        // cannot be had off, is an answer to commands of several keys: each of ours names one.
        retryDelayOnFailover: 0,
        retryDelayOnClusterDown: 0,
        slotsRefreshTimeout: COMMAND_TIMEOUT_MS,
        slotsRefreshInterval: 5_000,
        redisOptions: common,
      });
  }
}

/** Doubling from 50 ms, capped at a second, with jitter so that many processes do not return as one. */
function backOff(times: number): number {
  return Math.min(RECONNECT_CAP_MS, 50 * 2 ** Math.min(times - 1, 5)) * (0.75 + Math.random() / 4);
}
