import { type Db, MongoClient, type MongoClientOptions } from "mongodb";

/** Where MongoDB's data of Presence goes when `MONGODB_URL` names no database. */
const DEFAULT_DATABASE = "presence";

/*
 * A server that is gone is found out within two seconds and an operation fails within ten, so that none piles up
 * behind it. `ignoreUndefined` must stay off: Agenda releases a lock by writing `undefined`, which is `null` then.
 */
const CLIENT_OPTIONS: MongoClientOptions = {
  appName: "presence-scheduler",
  serverSelectionTimeoutMS: 3_000,
  connectTimeoutMS: 2_000,
  socketTimeoutMS: 10_000,
  heartbeatFrequencyMS: 2_000,
  maxPoolSize: 10,
};

/** A connection to MongoDB that tells whether it can be used. */
export interface MongoConnection {
  readonly client: MongoClient;
  readonly db: Db;
  /** Whether the last word from the server was a good one. */
  isReady(): boolean;
  close(): Promise<void>;
}

/** Options of {@link createMongoConnection}. */
export interface MongoConnectionOptions {
  readonly url: string;
  /** Told when the server is lost, with the reason, and when it is back. */
  readonly onChange: (isReady: boolean, error: Error | null) => void;
}

/** Prepares a connection; nothing is sent before `client.connect()`. */
export function createMongoConnection({ url, onChange }: MongoConnectionOptions): MongoConnection {
  const client = new MongoClient(url, CLIENT_OPTIONS);
  let isReady = false;
  const become = (next: boolean, error: Error | null): void => {
    if (next === isReady) return;
    isReady = next;
    onChange(next, error);
  };
  client.on("serverHeartbeatSucceeded", () => become(true, null));
  client.on("serverHeartbeatFailed", ({ failure }) => become(false, failure));
  return {
    client,
    db: client.db(databaseOf(url)),
    isReady: () => isReady,
    close: () => client.close(),
  };
}

/** The database a URL names. The driver's own default, `test`, would surprise everybody. */
export function databaseOf(url: string): string {
  const path = /^[^:]+:\/\/[^/]+\/([^?]*)/.exec(url)?.[1] ?? "";
  return path === "" ? DEFAULT_DATABASE : decodeURIComponent(path);
}
