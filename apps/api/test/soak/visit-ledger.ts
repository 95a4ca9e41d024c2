/**
 * How far the store's clock, as the server carries it, may be from this process's, in milliseconds. Both are the
 * clock of this machine; the rest is the round trip of a probe on a machine that stalls.
 */
const CLOCK_MS = 250;

/** What a count may be. */
export interface CountBounds {
  /** Visitors whose request was answered and who are online for certain. */
  readonly least: number;
  /** Visitors whose request was sent and who may be online. */
  readonly most: number;
}

/** Knows from the times of the requests alone who must and who may be online. */
export interface VisitLedger {
  onSent(visitor: number): void;
  onAnswered(visitor: number): void;
  /** What a count as of `asOfMs` (epoch milliseconds) may be, asked as soon as it is known. */
  boundsAt(asOfMs: number): CountBounds;
}

/** A ledger of visitors 0 to `visitors` - 1, whose memory does not grow with their visits. */
export function createVisitLedger(visitors: number, windowMs: number): VisitLedger {
  const underWay = new Uint16Array(visitors);
  const sentMs = new Float64Array(visitors);
  /** The latest request that was answered while no other of the visitor was under way: when it was sent. */
  const knownSentMs = new Float64Array(visitors).fill(-Infinity);
  const answeredMs = new Float64Array(visitors).fill(-Infinity);

  return {
    onSent(visitor) {
      underWay[visitor] = (underWay[visitor] ?? 0) + 1;
      // Of several under way at once the first was sent earliest: what is known of all of them.
      if (underWay[visitor] === 1) sentMs[visitor] = Date.now();
    },
    onAnswered(visitor) {
      underWay[visitor] = (underWay[visitor] ?? 0) - 1;
      knownSentMs[visitor] = sentMs[visitor] ?? -Infinity;
      answeredMs[visitor] = Date.now();
    },
    boundsAt(asOfMs) {
      const beginMs = asOfMs - windowMs;
      let [least, most] = [0, 0];
      for (let visitor = 0; visitor < visitors; visitor += 1) {
        const latestMs = answeredMs[visitor] ?? -Infinity;
        if ((underWay[visitor] ?? 0) > 0 || latestMs + CLOCK_MS > beginMs) most += 1;
        if (latestMs + CLOCK_MS < asOfMs && (knownSentMs[visitor] ?? -Infinity) - CLOCK_MS > beginMs)
          least += 1;
      }
      return { least, most };
    },
  };
}
