import type { Finding } from "@presence/api-contract";
import type { Facts } from "./facts.ts";

/** Something an operator should know, before anybody remembers since when. Its title holds no address. */
export type Found = Omit<Finding, "sinceAt">;

/** Looks for findings of one kind. */
export type Check = (facts: Facts) => readonly Found[];

/** Fewer requests than this are somebody who tries something out. */
export const MIN_REQUESTS = 20;

/** A number as a sentence has it: `3,120`. */
export function figure(value: number): string {
  return value.toLocaleString("en-US", { maximumFractionDigits: 1 });
}

/** A number and its words: `1 visitor was`, `1,284 visitors were`. */
export function counted(value: number, one: string, many: string): string {
  return `${figure(value)} ${value === 1 ? one : many}`;
}

/** A part of a whole as a sentence has it: `All 3,120`, or `3,000 of 3,120`. */
export function partOf(part: number, whole: number): string {
  return part === whole ? `All ${figure(whole)}` : `${figure(part)} of ${figure(whole)}`;
}

/** How long ago, as a sentence has it: `40 seconds`, `12 minutes`. */
export function spanOf(elapsedMs: number): string {
  const seconds = Math.round(elapsedMs / 1_000);
  return seconds < 120 ? `${seconds} seconds` : `${figure(Math.round(seconds / 60))} minutes`;
}
