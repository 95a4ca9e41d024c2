import type { OnlineCount } from "@presence/api-contract";
import type { FeedUpdate } from "./feed.ts";

/** What there is to see at one moment. */
export type CountView =
  | { readonly kind: "count"; readonly count: OnlineCount; readonly how: "live" | "polled" }
  | { readonly kind: "unavailable"; readonly reason: string };

/** Makes a view of what a feed told: what is not renewed grows old, and is no count any more after the window. */
export interface CountViewer {
  /** @param nowMs A steady clock, in milliseconds. */
  take(update: FeedUpdate, nowMs: number): void;
  /** `null` before the first update. */
  at(nowMs: number): CountView | null;
}

export function createViewer(): CountViewer {
  let known: { readonly view: CountView & { readonly kind: "count" }; readonly takenMs: number } | null =
    null;
  let trouble: { readonly reason: string; readonly isUnavailable: boolean } | null = null;

  return {
    take(update, nowMs) {
      if (update.kind === "count") {
        known = { view: update, takenMs: nowMs };
        trouble = null;
        return;
      }
      // As long as a stream says nothing, its last count is true: it grows old from when it broke.
      const isBreak = update.kind === "lost" && trouble === null && known?.view.how === "live";
      if (isBreak && known !== null) known = { ...known, takenMs: nowMs - update.silentMs };
      trouble = { reason: update.reason, isUnavailable: update.kind === "unavailable" };
    },
    at(nowMs) {
      if (known === null || trouble?.isUnavailable === true) {
        return trouble === null ? null : { kind: "unavailable", reason: trouble.reason };
      }
      const { count, how } = known.view;
      if (trouble === null && !count.stale) return known.view;
      const ageMs = Math.round(count.ageMs + nowMs - known.takenMs);
      if (ageMs >= count.windowSeconds * 1_000) {
        return { kind: "unavailable", reason: trouble?.reason ?? "the store is away" };
      }
      return { kind: "count", how, count: { ...count, stale: true, complete: false, ageMs } };
    },
  };
}
