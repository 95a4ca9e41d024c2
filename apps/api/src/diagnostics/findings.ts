import type { Finding } from "@presence/api-contract";
import { isoTime } from "@presence/core";
import type { Logger } from "@presence/service-kit";
import type { Facts } from "./facts.ts";
import type { Check, Found } from "./finding.ts";
import { findAccess } from "./findings/access.ts";
import { findClients } from "./findings/clients.ts";
import { findJobs } from "./findings/jobs.ts";
import { findLosses } from "./findings/losses.ts";
import { findProxies } from "./findings/proxies.ts";
import { findRedis } from "./findings/redis.ts";
import { findStore } from "./findings/store.ts";
import { findWriters } from "./findings/writers.ts";

const CHECKS: readonly Check[] = [
  findStore,
  findProxies,
  findWriters,
  findLosses,
  findRedis,
  findClients,
  findJobs,
  findAccess,
];

const RANKS: Readonly<Record<Finding["severity"], number>> = { fail: 0, warn: 1, info: 2 };

/** A finding that was away for this long is told anew when it comes back, in milliseconds. */
const FORGET_AFTER_MS = 3_600_000;

/** The log has been told of these when they began, by the store's own log and with their remedy. */
const TOLD_AT_ONCE: ReadonlySet<string> = new Set(["store-unreachable", "data-lost"]);

/** All that can be found in `facts`, the worst first. */
export function findAll(facts: Facts): readonly Found[] {
  return CHECKS.flatMap((check) => check(facts)).toSorted((a, b) => RANKS[a.severity] - RANKS[b.severity]);
}

/** Remembers since when there is what. */
export interface FindingBook {
  /** What there is now, each with when it was first there; the log is told of those that are news to it. */
  enter(found: readonly Found[], nowMs: number): readonly Finding[];
}

/** Options of {@link createFindingBook}. */
export interface FindingBookOptions {
  readonly logger: Pick<Logger, "info" | "warn">;
  /** Whether a line of the log may hold an address. */
  readonly keepsAddresses: boolean;
}

/** Tells the log of each finding once. */
export function createFindingBook({ logger, keepsAddresses }: FindingBookOptions): FindingBook {
  const known = new Map<string, { sinceMs: number; lastMs: number; isThere: boolean }>();

  function tell({ code, severity, title, detail, remedy }: Found): void {
    // A title holds no address; a detail and a remedy may.
    const text = keepsAddresses
      ? `${title}. ${detail} ${remedy}`
      : `${title}. GET /v1/diagnostics says more.`;
    if (severity === "info") logger.info({ finding: code }, text);
    else logger.warn({ finding: code }, text);
  }

  return {
    enter(found, nowMs) {
      const codes = new Set(found.map(({ code }) => code));
      for (const [code, entry] of known) {
        if (!codes.has(code)) entry.isThere = false;
        if (nowMs - entry.lastMs > FORGET_AFTER_MS) known.delete(code);
      }
      return found.map((finding) => {
        const before = known.get(finding.code);
        if (before === undefined && !TOLD_AT_ONCE.has(finding.code)) tell(finding);
        const sinceMs = before?.isThere === true ? before.sinceMs : nowMs;
        known.set(finding.code, { sinceMs, lastMs: nowMs, isThere: true });
        return { ...finding, sinceAt: isoTime(sinceMs) };
      });
    },
  };
}
