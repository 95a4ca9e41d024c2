import type { OnlineCount } from "@presence/api-contract";
import type { Heard } from "../api/follow.ts";

/** A count as it arrived. */
export interface Arrival {
  readonly count: OnlineCount;
  readonly via: "stream" | "poll";
  /** When, on the page's monotonic clock, in milliseconds. */
  readonly atMs: number;
}

/** All that was heard of the number so far: the last count, and whether something has gone wrong since. */
export interface OnlineMemory {
  readonly last: Arrival | null;
  readonly fault: "unavailable" | "unreachable" | "locked" | null;
}

/** What the page shows. There is no zero in it that the server did not say. */
export type OnlineView =
  | { readonly state: "loading" | "unavailable" | "locked" }
  | { readonly state: "live" | "polling"; readonly count: OnlineCount; readonly asOfMs: number }
  | {
      readonly state: "stale";
      readonly count: OnlineCount;
      readonly asOfMs: number;
      readonly ageSeconds: number;
    };

/** From when on a count that may be too low is whole, in epoch milliseconds; `null` where it is, or nobody records. */
export function wholeFromMs({ complete, since, windowSeconds }: OnlineCount): number | null {
  return complete || since === null ? null : Date.parse(since) + windowSeconds * 1000;
}

/** Before anything was heard. */
export const NOTHING_HEARD: OnlineMemory = { last: null, fault: null };

/** What is remembered after `heard`. A count heals every fault; a fault keeps the last count. */
export function remember(memory: OnlineMemory, heard: Heard, nowMs: number): OnlineMemory {
  if (heard.kind === "count") {
    return { last: { count: heard.count, via: heard.via, atMs: nowMs }, fault: null };
  }
  return { last: heard.kind === "locked" ? null : memory.last, fault: heard.kind };
}

/** What to show at `nowMs` (the clock of {@link Arrival.atMs}). */
export function viewAt({ last, fault }: OnlineMemory, nowMs: number): OnlineView {
  if (fault === "locked" || fault === "unavailable") return { state: fault };
  if (last === null) return { state: fault === null ? "loading" : "unavailable" };
  const { count, via, atMs } = last;
  const answeredMs = Date.parse(count.asOf);
  const ageMs = count.ageMs + Math.max(0, nowMs - atMs);
  if (!count.stale && fault === null) {
    // A change would have been told within a second, so the number still holds now.
    return {
      state: via === "stream" ? "live" : "polling",
      count,
      asOfMs: answeredMs + (via === "stream" ? ageMs : 0),
    };
  }
  if (ageMs >= count.windowSeconds * 1000) return { state: "unavailable" };
  return { state: "stale", count, asOfMs: answeredMs, ageSeconds: Math.floor(ageMs / 1000) };
}
