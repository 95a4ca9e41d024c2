import { safeText } from "../output/safe-text.ts";
import { duration } from "../output/words.ts";
import { type Check, fail, ok } from "./check.ts";

/** Where Agenda keeps its jobs. */
export const JOBS_COLLECTION = "agendaJobs";

/** Jobs that have to be on the schedule. */
const SCHEDULED_JOBS = ["prune", "retain", "sample"] as const;

/** A lock ends by itself after 30 s; one that is older, in milliseconds, nobody has looked at. */
const STALE_LOCK_MS = 60_000;

/** A job due for longer than this is run by nobody, in milliseconds. */
const OVERDUE_MS = 120_000;

/** What of Agenda's document of a job is looked at. */
export interface JobDocument {
  readonly name: string;
  readonly disabled?: boolean;
  readonly nextRunAt?: Date | null;
  readonly lockedAt?: Date | null;
  readonly lastModifiedBy?: string | null;
}

/** Whether each job is there once, and is run. */
export function checkSchedule(documents: readonly JobDocument[], nowMs: number): readonly Check[] {
  if (documents.length === 0) return [fail("schedule", "no job is on the schedule", NOT_THERE)];
  const names = [...new Set([...SCHEDULED_JOBS, ...documents.map(({ name }) => name)])];
  const faults = names.flatMap((name) => {
    const ofName = documents.filter((document) => document.name === name);
    const [detail, remedy] = faultOf(ofName, nowMs) ?? [];
    return detail === undefined || remedy === undefined
      ? []
      : [fail("schedule", `${safeText(name)} ${detail}`, remedy)];
  });
  if (faults.length > 0) return faults;
  return [ok("schedule", `${names.map(safeText).join(", ")}: one document each, none locked for long`)];
}

const NOT_THERE =
  "start the scheduler, which puts it there; if it runs, compare its MONGODB_URL with this one";

/** What is wrong with a job, as what follows its name, and what to do about it; `null` where nothing is. */
function faultOf(
  documents: readonly JobDocument[],
  nowMs: number,
): readonly [detail: string, remedy: string] | null {
  const [document, ...more] = documents;
  if (document === undefined) return ["is not on the schedule", NOT_THERE];
  if (more.length > 0) {
    return [
      `has ${documents.length} documents: it runs as often as that at once`,
      "restart the scheduler: it keeps the first and makes another impossible",
    ];
  }
  const { name, disabled, lockedAt, nextRunAt, lastModifiedBy } = document;
  if (disabled === true) {
    return [
      "is disabled: nobody runs it",
      `in mongosh: db.${JOBS_COLLECTION}.updateOne({ name: "${safeText(name)}" }, { $set: { disabled: false } })`,
    ];
  }
  const lockedMs = sinceMs(lockedAt, nowMs);
  if (lockedMs > STALE_LOCK_MS) {
    return [
      `has been locked for ${duration(lockedMs)} by ${safeText(lastModifiedBy ?? "nobody named")}`,
      "that scheduler died or hangs: restart it. A scheduler that runs takes the lock over after 30 s",
    ];
  }
  const lateMs = sinceMs(nextRunAt, nowMs);
  return lateMs > OVERDUE_MS
    ? [`is due for ${duration(lateMs)}`, "no scheduler runs: start it, or see its /ready and its log"]
    : null;
}

function sinceMs(instant: Date | null | undefined, nowMs: number): number {
  return instant instanceof Date ? nowMs - instant.getTime() : 0;
}
