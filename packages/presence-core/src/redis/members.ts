import { PresenceError } from "../errors.ts";
import type { ChannelSightings, ListedVisitor, OnlineBounds } from "../types.ts";
import { shardOf } from "./slots.ts";

/** Alternating scores and members, as ZADD takes them. */
export type ScoredMembers = readonly (string | number)[];

/** Deals a channel's sightings out to its sets. */
export function spread(
  sets: readonly string[],
  sightings: ChannelSightings,
): ReadonlyMap<string, ScoredMembers> {
  const dealt = new Map<string, (string | number)[]>();
  for (const [visitor, atMs] of sightings) {
    const set = sets[sets.length === 1 ? 0 : shardOf(visitor, sets.length)];
    if (set === undefined) throw new PresenceError("PRESENCE_INVALID_OPTION", "a channel without a set");
    const members = dealt.get(set);
    if (members === undefined) dealt.set(set, [atMs / 1_000, visitor]);
    else members.push(atMs / 1_000, visitor);
  }
  return dealt;
}

/** Deals visitors' texts out to the sets they belong to. */
export function spreadTexts(sets: readonly string[], texts: Iterable<string>): ReadonlyMap<string, string[]> {
  const dealt = new Map<string, string[]>();
  for (const text of texts) {
    const set = sets[shardOf(text, sets.length)] ?? "";
    const ofSet = dealt.get(set);
    if (ofSet === undefined) dealt.set(set, [text]);
    else ofSet.push(text);
  }
  return dealt;
}

/** Bounds as Redis scores: unix seconds, low exclusive, high inclusive. */
export function scores({ afterMs, untilMs }: OnlineBounds): { readonly low: string; readonly high: string } {
  return { low: `(${afterMs / 1_000}`, high: String(untilMs / 1_000) };
}

/** `[member, score, …]` as visitors and times. */
export function parseMembers(answer: unknown): ListedVisitor[] {
  const flat = (answer as unknown[]).map(String);
  const found: ListedVisitor[] = [];
  for (let i = 0; i + 1 < flat.length; i += 2) {
    // To the microsecond: others write finer times than ours, and a page must be able to go on behind one.
    found.push({ visitor: flat[i] ?? "", lastSeenMs: Math.round(Number(flat[i + 1]) * 1e6) / 1_000 });
  }
  return found;
}

/** All answers, or the first failure once every one of them is in: nothing is left to reject unheard. */
export async function settle<T>(sent: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(sent);
  return Promise.all(sent);
}
