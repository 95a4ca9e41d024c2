import type { Visitor } from "@presence/api-contract";
import { isOfForm } from "@presence/client-address";
import { isoTime, type ListedVisitor } from "@presence/core";
import type { StoreProfile } from "./open-store.ts";

/** A visitor as the API would list it. */
export function listedVisitor(
  { visitor, lastSeenMs }: ListedVisitor,
  asOfMs: number,
  profile: StoreProfile,
): Visitor {
  return {
    visitor,
    lastSeen: isoTime(lastSeenMs),
    secondsAgo: Math.max(0, Math.floor((asOfMs - lastSeenMs) / 1_000)),
    ...(isOfForm(visitor, profile) ? {} : { foreign: true }),
  };
}
