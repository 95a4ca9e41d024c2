import type { Agenda } from "agenda";
import { type Collection, MongoServerError } from "mongodb";
import type { Job } from "@presence/jobs";
import { cronOf } from "./cron.ts";

/** What of Agenda's document of a job matters here. */
export interface JobDocument {
  readonly name: string;
  readonly type: string;
  readonly repeatInterval?: string | null;
  readonly repeatTimezone?: string | null;
  readonly nextRunAt?: Date | null;
  readonly lockedAt?: Date | null;
  readonly lastModifiedBy?: string | null;
}

const DUPLICATE_KEY = 11_000;
const TIME_ZONE = "UTC";

/**
 * Makes it impossible for a job to have two documents. Agenda's upsert does not: schedulers that start at once
 * would each insert one. A full index, as not every server of the protocol knows partial ones.
 */
export async function makeJobsUnique(collection: Collection<JobDocument>): Promise<void> {
  const create = (): Promise<string> =>
    collection.createIndex({ name: 1, type: 1 }, { unique: true, name: "presence_one_document_per_job" });
  try {
    await create();
  } catch (error) {
    // Duplicates of a time before there was the index stand in its way; servers name that reason differently.
    if ((await removeDuplicates(collection)) === 0) throw error;
    await create();
  }
}

/** Keeps the first document of each job; whoever does the same meanwhile keeps the same one. Answers how many went. */
async function removeDuplicates(collection: Collection<JobDocument>): Promise<number> {
  const seen = new Set<string>();
  let removed = 0;
  for await (const { _id, name, type } of collection.find({ type: "single" }).sort({ _id: 1 })) {
    const key = `${name} ${type}`;
    if (seen.has(key)) removed += (await collection.deleteOne({ _id })).deletedCount;
    seen.add(key);
  }
  return removed;
}

/**
 * Puts a job on the schedule, unless it is there as it should be: Agenda's `every` would release its lock while
 * another scheduler runs it, and enable what an operator disabled.
 */
export async function scheduleJob(
  agenda: Pick<Agenda, "every">,
  collection: Collection<JobDocument>,
  job: Job,
): Promise<void> {
  const cron = cronOf(job.everySeconds);
  const existing = await collection.findOne({ name: job.name, type: "single" });
  if (existing !== null && isScheduled(existing, cron)) return;
  try {
    await agenda.every(cron, job.name, {}, { timezone: TIME_ZONE });
  } catch (error) {
    // Another scheduler put it there at the same moment; both would have written the same.
    if (!isDuplicate(error)) throw error;
  }
}

function isScheduled(document: JobDocument, cron: string): boolean {
  return (
    document.repeatInterval === cron &&
    document.repeatTimezone === TIME_ZONE &&
    document.nextRunAt instanceof Date
  );
}

/** Releases what this scheduler locked ahead of time and did not come to run. */
export async function releaseLocks(collection: Collection<JobDocument>, by: string): Promise<void> {
  await collection.updateMany({ lastModifiedBy: by, lockedAt: { $ne: null } }, { $set: { lockedAt: null } });
}

function isDuplicate(error: unknown): boolean {
  return error instanceof MongoServerError && error.code === DUPLICATE_KEY;
}
