import { type Db, MongoClient } from "mongodb";
import { createDayCalendar } from "./day-calendar.ts";
import { HistoryError } from "./errors.ts";
import { createHistoryStore } from "./history-store.ts";
import { createMongoTables, type MongoLink } from "./mongo/tables.ts";
import type { HistoryStore } from "./store.ts";

/** Where Presence's data goes when a URL names no database. The driver's own default, `test`, surprises. */
const DEFAULT_DATABASE = "presence";

/** Without a server a call fails within this, in milliseconds. */
const SERVER_WAIT_MS = 2_000;
const SOCKET_WAIT_MS = 10_000;

/** Options of {@link createMongoHistoryStore}. */
export interface MongoHistoryOptions {
  /** The database, over a connection that stays the caller's. */
  readonly db: Db;
  /** Where a day begins, as an IANA name. @default UTC */
  readonly timeZone?: string;
}

/** Options of {@link connectMongoHistoryStore}. */
export interface ConnectMongoHistoryOptions {
  /** `mongodb://` or `mongodb+srv://`; its path names the database. */
  readonly url: string;
  /** Where a day begins, as an IANA name. @default UTC */
  readonly timeZone?: string;
  /** How the connection names itself in the server's log. @default presence */
  readonly appName?: string;
}

/**
 * A history in the collections `presence_samples` and `presence_peaks`. Their unique indexes are made with the
 * first sample.
 *
 * @throws {HistoryError} `PRESENCE_INVALID_OPTION` for an unknown time zone.
 */
export function createMongoHistoryStore({ db, timeZone = "UTC" }: MongoHistoryOptions): HistoryStore {
  const calendar = createDayCalendar(timeZone);
  return createHistoryStore(
    createMongoTables(db, { connect: async () => {}, close: async () => {} }),
    calendar,
  );
}

/**
 * The same over a connection of its own, which is made with the first call: a server that is away fails calls
 * with `PRESENCE_HISTORY_UNAVAILABLE` within two seconds, and is found again without a restart.
 *
 * @throws {HistoryError} `PRESENCE_INVALID_OPTION` for a URL the client cannot use or an unknown time zone.
 */
export function connectMongoHistoryStore(options: ConnectMongoHistoryOptions): HistoryStore {
  const { url, timeZone = "UTC", appName = "presence" } = options;
  const calendar = createDayCalendar(timeZone);
  const client = createClient(url, appName);
  return createHistoryStore(createMongoTables(client.db(databaseOf(url)), linkOf(client)), calendar);
}

/** The database a URL names, else `presence`. */
export function databaseOf(url: string): string {
  const path = /^[^:]+:\/\/[^/]+\/([^?]*)/.exec(url)?.[1] ?? "";
  return path === "" ? DEFAULT_DATABASE : decodeURIComponent(path);
}

/**
 * A client whose first connection failed stays unusable until it is told to connect again. Once connected, it looks
 * after that by itself.
 */
function linkOf(client: MongoClient): MongoLink {
  let connecting: Promise<void> | null = null;
  async function connect(): Promise<void> {
    try {
      await client.connect();
    } catch (error) {
      connecting = null;
      throw error;
    }
  }
  return { connect: () => (connecting ??= connect()), close: () => client.close() };
}

function createClient(url: string, appName: string): MongoClient {
  try {
    return new MongoClient(url, {
      appName,
      serverSelectionTimeoutMS: SERVER_WAIT_MS,
      connectTimeoutMS: SERVER_WAIT_MS,
      socketTimeoutMS: SOCKET_WAIT_MS,
      maxPoolSize: 10,
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new HistoryError("PRESENCE_INVALID_OPTION", `MongoDB's URL cannot be used: ${reason}`, {
      cause: error,
    });
  }
}
