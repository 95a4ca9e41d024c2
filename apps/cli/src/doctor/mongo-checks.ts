import { databaseOf } from "@presence/history/mongo";
import { type Db, MongoClient, MongoServerError } from "mongodb";
import { safeText } from "../output/safe-text.ts";
import { type Check, fail, ok, warn } from "./check.ts";
import { checkSchedule, type JobDocument, JOBS_COLLECTION } from "./schedule-checks.ts";

/** Longest wait for the server, in milliseconds. */
const SERVER_WAIT_MS = 2_000;

// https://www.mongodb.com/docs/manual/reference/error-codes/
const UNAUTHORIZED = 13;

/** How {@link checkMongo} asks. */
export interface MongoToCheck {
  readonly url: string;
  readonly nowMs: () => number;
  /** A steady clock, in milliseconds. */
  readonly steadyMs: () => number;
}

/** Whether MongoDB answers, and whether the schedule in it is as it should be. */
export async function checkMongo({ url, nowMs, steadyMs }: MongoToCheck): Promise<readonly Check[]> {
  let client: MongoClient;
  try {
    client = new MongoClient(url, {
      appName: "presence-cli",
      serverSelectionTimeoutMS: SERVER_WAIT_MS,
      connectTimeoutMS: SERVER_WAIT_MS,
      socketTimeoutMS: SERVER_WAIT_MS,
    });
  } catch (error) {
    const detail = `MONGODB_URL cannot be used: ${messageOf(error)}`;
    return [fail("mongodb", detail, "MONGODB_URL=mongodb://host:27017/presence")];
  }
  try {
    await client.connect();
    const startedMs = steadyMs();
    const db = client.db(databaseOf(url));
    await db.command({ ping: 1 });
    const answers = `${db.databaseName} answers in ${(steadyMs() - startedMs).toFixed(1)} ms`;
    return [ok("mongodb", answers), ...(await checkJobDocuments(db, nowMs()))];
  } catch (error) {
    return [
      fail(
        "mongodb",
        `MongoDB cannot be asked: ${messageOf(error)}`,
        "does it run, are MONGODB_URL, its user and password right? Until it is back no scheduled job runs",
      ),
    ];
  } finally {
    await client.close();
  }
}

async function checkJobDocuments(db: Db, nowMs: number): Promise<readonly Check[]> {
  try {
    const jobs = db.collection<JobDocument>(JOBS_COLLECTION);
    return checkSchedule(await jobs.find({ type: "single" }, { limit: 1_000 }).toArray(), nowMs);
  } catch (error) {
    if (!(error instanceof MongoServerError) || error.code !== UNAUTHORIZED) throw error;
    const remedy = `db.grantRolesToUser("<user>", [{ role: "read", db: "${db.databaseName}" }])`;
    return [warn("schedule", `this user may not read ${JOBS_COLLECTION}`, remedy)];
  }
}

function messageOf(error: unknown): string {
  return safeText(error instanceof Error ? error.message : String(error));
}
