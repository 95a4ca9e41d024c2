import type { Collection, Db } from "mongodb";
import { HistoryError } from "../errors.ts";
import type { HistoryTables } from "../tables.ts";
import type { HistoryStep } from "../types.ts";
import {
  documentOf,
  highestOf,
  joinRow,
  type PeakDocument,
  peakOf,
  recordOf,
  rowOf,
  type SampleDocument,
} from "./documents.ts";
import { historyErrorOf, isDuplicateKey } from "./errors.ts";

/** Rows that begin within this of the oldest one go at a time, in milliseconds. */
const REMOVED_SPAN_MS = { minute: 3_600_000, hour: 86_400_000, day: 86_400_000 } as const;

/** One more than the documents of one call. */
const UPSERT_ATTEMPTS = 4;

/** What belongs to a connection rather than to its database. */
export interface MongoLink {
  /** Asked before each call. */
  connect(): Promise<void>;
  close(): Promise<void>;
}

/** The collections in `db`. */
export function createMongoTables(db: Db, link: MongoLink): HistoryTables {
  const samples: Collection<SampleDocument> = db.collection("presence_samples");
  const peaks: Collection<PeakDocument> = db.collection("presence_peaks");
  let indexes: Promise<void> | null = null;
  let isClosed = false;

  async function makeIndexes(): Promise<void> {
    await samples.createIndex({ channel: 1, step: 1, atMs: 1 }, { unique: true });
    await samples.createIndex({ step: 1, atMs: 1 });
    await peaks.createIndex({ channel: 1, scope: 1 }, { unique: true });
  }

  /** With the unique indexes in place: without them two upserts that meet would leave two rows. */
  function indexed(): Promise<void> {
    indexes ??= makeIndexes().catch((error: unknown) => {
      indexes = null;
      throw error;
    });
    return indexes;
  }

  async function asked<T>(work: () => Promise<T>): Promise<T> {
    if (isClosed) throw new HistoryError("PRESENCE_CLOSED", "the history is closed");
    try {
      await link.connect();
      return await work();
    } catch (error) {
      throw historyErrorOf(error);
    }
  }

  /** Two upserts of a new document may meet, once for each document: what the other one made is found then. */
  function upserting(work: () => Promise<void>): Promise<void> {
    return asked(async () => {
      await indexed();
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await work();
        } catch (error) {
          if (!isDuplicateKey(error) || attempt === UPSERT_ATTEMPTS) throw error;
        }
      }
    });
  }

  async function removeSome(step: HistoryStep, beforeMs: number): Promise<number> {
    const old = { step, atMs: { $lt: beforeMs } };
    const oldest = await samples.findOne(old, { sort: { atMs: 1 } });
    if (oldest === null) return 0;
    const untilMs = Math.min(beforeMs, oldest.atMs + REMOVED_SPAN_MS[step]);
    return (await samples.deleteMany({ step, atMs: { $lt: untilMs } })).deletedCount;
  }

  return {
    name: "mongo",

    add: (rows, { channel, count, atMs }) =>
      upserting(async () => {
        if (rows.length > 0) await samples.bulkWrite(rows.map(joinRow));
        const highest = highestOf({ count, atMs });
        await peaks.updateMany({ channel, resetAtMs: { $lt: atMs } }, { $max: { highest } });
      }),

    rows: (channel, step, { startMs, endMs }) =>
      asked(async () => {
        const begins = { $gte: startMs, $lt: endMs };
        return (await samples.find({ channel, step, atMs: begins }).sort({ atMs: 1 }).toArray()).map(rowOf);
      }),

    highestDay: (channel, { startMs, endMs }) =>
      asked(async () => {
        const begins = { $gte: startMs, $lt: endMs };
        const day = await samples.findOne({ channel, step: "day", atMs: begins }, { sort: { highest: -1 } });
        return day === null ? null : peakOf(day.highest);
      }),

    peakRecords: (channel) => asked(async () => (await peaks.find({ channel }).toArray()).map(recordOf)),

    beginPeak: (record) =>
      upserting(async () => {
        const { _id, ...fields } = documentOf(record);
        await peaks.updateOne({ _id }, { $setOnInsert: fields }, { upsert: true });
        await peaks.replaceOne({ _id, resetAtMs: { $lt: fields.resetAtMs } }, fields);
      }),

    removeSome: (step, beforeMs) => asked(() => removeSome(step, beforeMs)),

    async close() {
      isClosed = true;
      await link.close();
    },
  };
}
