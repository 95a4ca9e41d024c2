import { afterEach, beforeEach } from "vitest";
import type { HistoryStore } from "../store.ts";
import type { HistoryPoint, HistoryStep } from "../types.ts";

/** Where a history lives. */
export interface HistoryPlace {
  /** A store over it; every one that is opened sees the same history. */
  open(timeZone: string): Promise<HistoryStore>;
}

export const SITE = "site";
export const SECOND_MS = 1_000;
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

/** An unused place per test, with the calls every test makes. */
export interface HistoryUnderTest {
  /** In UTC. */
  readonly history: HistoryStore;
  /** Another one over the same place. */
  open(timeZone?: string): Promise<HistoryStore>;
  /** Adds counts to `site`, each at its instant in ISO 8601. */
  add(counts: Readonly<Record<string, number>>, store?: HistoryStore): Promise<void>;
  /** The points of `site` from one instant in ISO 8601 to another. */
  points(step: HistoryStep, from: string, to: string): Promise<readonly HistoryPoint[]>;
}

export function useHistory(fresh: () => Promise<HistoryPlace>): () => HistoryUnderTest {
  let current: HistoryUnderTest | null = null;
  let opened: HistoryStore[] = [];
  beforeEach(async () => {
    const place = await fresh();
    const open = async (timeZone = "UTC"): Promise<HistoryStore> => {
      const store = await place.open(timeZone);
      opened.push(store);
      return store;
    };
    const history = await open();
    current = {
      history,
      open,
      async add(counts, store = history) {
        for (const [at, count] of Object.entries(counts)) {
          await store.addSample({ channel: SITE, count, atMs: Date.parse(at) });
        }
      },
      points: (step, from, to) =>
        history.range(SITE, { step, fromMs: Date.parse(from), toMs: Date.parse(to) }),
    };
  });
  afterEach(async () => {
    for (const store of opened) await store.close();
    opened = [];
  });
  return () => {
    if (current === null) throw new Error("useHistory belongs inside describe");
    return current;
  };
}

/** Points as ISO text, so that a difference can be read. */
export function readable(points: readonly HistoryPoint[]): object[] {
  return points.map(({ atMs, maxAtMs, ...values }) => ({
    at: iso(atMs),
    ...values,
    maxAt: maxAtMs === null ? null : iso(maxAtMs),
  }));
}

export function iso(atMs: number): string {
  return new Date(atMs).toISOString();
}

/** A peak as a test writes it. */
export function peak(count: number, at: string): { count: number; atMs: number } {
  return { count, atMs: Date.parse(at) };
}
