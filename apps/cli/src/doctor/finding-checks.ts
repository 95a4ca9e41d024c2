import type { Diagnostics } from "@presence/api-contract";
import { safeText } from "../output/safe-text.ts";
import { grouped } from "../output/words.ts";
import { type Check, ok, warn } from "./check.ts";

/** Findings that the checks of the jobs tell with more. */
const OF_JOBS: readonly string[] = ["prune-late", "job-failed"];

/** Findings that the checks of the Redis itself tell with more. */
const OF_REDIS: readonly string[] = [
  "key-type",
  "eviction-policy",
  "memory-nearly-full",
  "visitors-of-the-future",
  "key-without-end",
  "redis-permission",
  "clock-differs",
  "writers-disagree",
];

/** What an API has found by itself, without what has been told already. */
export function checkFindings(
  { findings, tally, store }: Diagnostics,
  /** The epoch of the Redis that was looked at; `null` where none was. */
  epoch: string | null,
): readonly Check[] {
  const isSame = epoch !== null && store.epoch === epoch;
  const told = [...OF_JOBS, ...(isSame ? OF_REDIS : [])];
  const untold = findings.filter(({ code }) => !told.includes(code));
  const checks = untold.map(({ code, severity, title, detail, remedy }): Check => {
    const state = severity === "info" ? "ok" : severity;
    return { name: safeText(code), state, detail: safeText(`${title}. ${detail}`), remedy: safeText(remedy) };
  });
  const nothing = ok("findings", `nothing odd in ${grouped(tally.requests)} requests of the last minutes`);
  return [...sameStore(store.epoch, epoch), ...(checks.length === 0 ? [nothing] : checks)];
}

/** Whether the API counts where it was looked: an epoch is made once for each set of keys. */
function sameStore(ofApi: string | null, ofRedis: string | null): readonly Check[] {
  if (ofApi === null || ofRedis === null || ofApi === ofRedis) return [];
  return [
    warn(
      "other-store",
      "the API counts in another Redis, database or PRESENCE_KEY than the one looked at here",
      "compare REDIS_URL and PRESENCE_KEY there and here",
    ),
  ];
}
