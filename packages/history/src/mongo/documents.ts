import type { AnyBulkWriteOperation } from "mongodb";
import type { PeakRecord } from "../tables.ts";
import type { HistoryRow, HistoryStep, Peak, PeakScope } from "../types.ts";

/*
 * BSON compares embedded documents field by field, in order. So `$max` alone keeps the highest sample with its
 * first moment, and the latest one with its count: a row is one atomic update that needs no look before it.
 * https://www.mongodb.com/docs/manual/reference/bson-type-comparison-order/#objects
 */

/** A highest sample: of equal counts, `$max` keeps the earlier one. */
interface Highest {
  readonly count: number;
  /** The moment, negated. */
  readonly minusAtMs: number;
}

/** A latest sample: of the same moment, `$max` keeps the higher one. */
interface Latest {
  readonly atMs: number;
  readonly count: number;
}

/** A row as it is stored. */
export interface SampleDocument {
  /** What identifies it in one text, so that servers which look up nothing else quickly look up this. */
  readonly _id: string;
  readonly channel: string;
  readonly step: HistoryStep;
  readonly atMs: number;
  readonly min: number;
  readonly highest: Highest;
  readonly latest: Latest;
}

/** A peak record as it is stored; what there is none of is left out. */
export interface PeakDocument {
  readonly _id: string;
  readonly channel: string;
  readonly scope: PeakScope;
  /** Highest sample after the reset. */
  readonly highest?: Highest;
  readonly resetAtMs: number;
  readonly reason: string;
  readonly previous?: Peak;
}

/** Joins a row with the stored one. */
export function joinRow(row: HistoryRow): AnyBulkWriteOperation<SampleDocument> {
  const { channel, step, atMs, min, max, maxAtMs, last, lastAtMs } = row;
  const update = {
    $setOnInsert: { channel, step, atMs },
    $min: { min },
    $max: {
      highest: highestOf({ count: max, atMs: maxAtMs }),
      latest: { atMs: lastAtMs, count: last },
    },
  };
  return { updateOne: { filter: { _id: `${channel} ${step} ${atMs}` }, update, upsert: true } };
}

export function rowOf({ channel, step, atMs, min, highest, latest }: SampleDocument): HistoryRow {
  const { count: max, atMs: maxAtMs } = peakOf(highest);
  return { channel, step, atMs, min, max, maxAtMs, last: latest.count, lastAtMs: latest.atMs };
}

/** Field order matters here, as said above. */
export function highestOf({ count, atMs }: Peak): Highest {
  return { count, minusAtMs: -atMs };
}

export function peakOf({ count, minusAtMs }: Highest): Peak {
  return { count, atMs: -minusAtMs };
}

export function documentOf({ channel, scope, peak, resetAtMs, reason, previous }: PeakRecord): PeakDocument {
  return {
    _id: `${channel} ${scope}`,
    channel,
    scope,
    ...(peak === null ? {} : { highest: highestOf(peak) }),
    resetAtMs,
    reason,
    ...(previous === null ? {} : { previous }),
  };
}

export function recordOf(document: PeakDocument): PeakRecord {
  const { channel, scope, highest, resetAtMs, reason, previous = null } = document;
  return {
    channel,
    scope,
    peak: highest === undefined ? null : peakOf(highest),
    resetAtMs,
    reason,
    previous,
  };
}
