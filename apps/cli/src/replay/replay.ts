import type { LogLine } from "../access-log/log-line.ts";
import { createCoveredPoints } from "./covered-points.ts";
import { createPointCounts } from "./point-counts.ts";
import { createVisitorNumbers, type VisitorRules } from "./visitor-numbers.ts";

/** Lines may come up to this much after later ones in one pass, in milliseconds. */
export const DISORDER_MS = 600_000;

/** Options of {@link createReplay}. */
export interface ReplayOptions {
  readonly windowSeconds: number;
  readonly stepSeconds: number;
  readonly visitors: VisitorRules;
  /** Take lines in any order, at the cost of memory that grows with how often visitors come and go. */
  readonly anyOrder: boolean;
}

/** The count at one instant. */
export interface ReplayPoint {
  readonly atMs: number;
  readonly count: number;
}

/** Computes who was online when, from sightings in nearly the order of time. */
export interface Replay {
  see(line: LogLine): void;
  /** Sightings that came too late to be counted. */
  late(): number;
  visitors(): number;
  /** How many points {@link points} gives. */
  length(): number;
  /**
   * The counts at every whole multiple of the step since the epoch, from the first at or after the earliest
   * sighting to the last before the latest one + window. A point counts the visitors with a sighting in
   * (at - window, at].
   */
  points(): Generator<ReplayPoint>;
}

/** The result depends on the set of sightings that are not late, never on their order. */
export function createReplay({ windowSeconds, stepSeconds, visitors, anyOrder }: ReplayOptions): Replay {
  const stepMs = stepSeconds * 1_000;
  const windowMs = windowSeconds * 1_000;
  const numbers = createVisitorNumbers(visitors);
  const counts = createPointCounts();
  const createCovered = () => createCoveredPoints((first, last) => counts.add(first, last));
  const covered = { ipv4: createCovered(), network: createCovered(), host: createCovered() };
  let earliestMs = Infinity;
  let latestMs = -Infinity;
  /** The point of the first sighting: others are numbered from it, so that 32 bits hold them. */
  let origin = 0;
  let oldest = -Infinity;
  let late = 0;

  /** The first point at or after an instant. */
  const pointFrom = (atMs: number): number => Math.ceil(atMs / stepMs) - origin;

  return {
    see(line) {
      const { atMs } = line;
      if (latestMs === -Infinity) origin = Math.ceil(atMs / stepMs);
      if (atMs > latestMs) {
        latestMs = atMs;
        oldest = anyOrder ? -Infinity : pointFrom(atMs - DISORDER_MS);
      } else if (!anyOrder && atMs < latestMs - DISORDER_MS) {
        late += 1;
        return;
      }
      if (atMs < earliestMs) earliestMs = atMs;
      const kind = numbers.kindOf(line);
      const visitor = numbers.of(kind, line);
      const first = pointFrom(atMs);
      const last = pointFrom(atMs + windowMs) - 1;
      // With a step longer than the window, a sighting may fall between two points.
      if (first <= last) covered[kind].cover(visitor, first, last, oldest);
    },
    late: () => late,
    visitors: () => numbers.size(),
    length: () =>
      latestMs === -Infinity ? 0 : Math.max(0, pointFrom(latestMs + windowMs) - pointFrom(earliestMs)),
    *points() {
      if (latestMs === -Infinity) return;
      const first = pointFrom(earliestMs);
      let point = first;
      for (const count of counts.counts(first, pointFrom(latestMs + windowMs) - 1)) {
        yield { atMs: (origin + point) * stepMs, count };
        point += 1;
      }
    },
  };
}
