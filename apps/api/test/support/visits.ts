import { groupAddress } from "@presence/client-address";

/**
 * How far the store's clock, found by asking, may be from this process's, in milliseconds: both are the clock of
 * this machine.
 */
const CLOCK_MS = 10;

/** A reading of the count, by this process's clock. */
export interface CountRead {
  readonly count: number;
  readonly asOfMs: number;
  readonly answeredMs: number;
}

/** What a count may be. */
export interface CountBounds {
  /** Visitors who were answered and are online for certain. */
  readonly least: number;
  /** Visitors who were sent and may be online. */
  readonly most: number;
}

/** Sends visits, and knows from their own times alone who may and who must be online. */
export interface Visits {
  /** Resolves when it was answered. */
  send(address: string): Promise<void>;
  boundsOf(read: CountRead): CountBounds;
  /** Visitors who may be online at an instant, in epoch milliseconds. */
  possibleAt(atMs: number): ReadonlySet<string>;
  readonly sent: number;
}

interface Visit {
  readonly sentMs: number;
  answeredMs: number;
}

/** Visits of the API at `url`, whose window is `windowMs`. */
export function createVisits(url: string, windowMs: number): Visits {
  const visits = new Map<string, Visit[]>();
  let sent = 0;

  function visitorsWho(isSeen: (visit: Visit) => boolean): ReadonlySet<string> {
    const found = [...visits].filter(([, ofVisitor]) => ofVisitor.some(isSeen));
    return new Set(found.map(([visitor]) => visitor));
  }

  const mayBeOnline = (asOfMs: number, untilMs: number) =>
    visitorsWho(({ sentMs, answeredMs }) => sentMs <= untilMs && answeredMs + CLOCK_MS > asOfMs - windowMs);

  const mustBeOnline = (asOfMs: number) =>
    visitorsWho(
      ({ sentMs, answeredMs }) => answeredMs + CLOCK_MS < asOfMs && sentMs - CLOCK_MS > asOfMs - windowMs,
    );

  return {
    async send(address) {
      const visitor = groupAddress(address, 64);
      const visit = { sentMs: Date.now(), answeredMs: Infinity };
      visits.set(visitor, [...(visits.get(visitor) ?? []), visit]);
      sent += 1;
      const response = await fetch(url, {
        headers: { "X-Forwarded-For": address },
        redirect: "manual",
      });
      await response.arrayBuffer();
      if (response.status !== 302) throw new Error(`A visit was answered ${response.status}.`);
      visit.answeredMs = Date.now();
    },
    boundsOf: ({ asOfMs, answeredMs }) => ({
      least: mustBeOnline(asOfMs).size,
      most: mayBeOnline(asOfMs, answeredMs).size,
    }),
    possibleAt: (atMs) => mayBeOnline(atMs, atMs),
    get sent() {
      return sent;
    },
  };
}
