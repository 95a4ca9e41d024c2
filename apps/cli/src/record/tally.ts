import type { Refusal } from "./destination.ts";

/** What became of the sightings of a run. */
export interface RecordTally {
  /** Lines of a log, or arguments. */
  readonly lines: number;
  /** No log line, or no address. */
  readonly malformed: number;
  readonly recorded: number;
  /** Older than the window. */
  readonly expired: number;
  /** More than 5 s ahead of the store's clock. */
  readonly future: number;
  /** Of clients that are never counted, bots among them where they are dropped. */
  readonly ignored: number;
  /** For any other reason: see {@link Tally.reasons}. */
  readonly refused: number;
}

/** Counts what becomes of sightings. */
export interface Tally {
  /** Lines are counted here by whoever reads them. */
  readonly read: { lines: number; malformed: number };
  taken(sightings: number): void;
  /** @param wasTaken It was counted as taken before. */
  refused(reason: Refusal, sightings: number, wasTaken: boolean): void;
  result(): RecordTally;
  /** Why others were refused. */
  reasons(): readonly Refusal[];
}

type Kind = "malformed" | "expired" | "future" | "ignored" | "refused";

export function createTally(): Tally {
  const read = { lines: 0, malformed: 0 };
  const counts = { malformed: 0, expired: 0, future: 0, ignored: 0, refused: 0 };
  const others = new Set<Refusal>();
  let recorded = 0;
  return {
    read,
    taken(sightings) {
      recorded += sightings;
    },
    refused(reason, sightings, wasTaken) {
      const kind = kindOf(reason);
      counts[kind] += sightings;
      if (kind === "refused") others.add(reason);
      if (wasTaken) recorded -= sightings;
    },
    result: () => ({
      lines: read.lines,
      malformed: read.malformed + counts.malformed,
      recorded,
      expired: counts.expired,
      future: counts.future,
      ignored: counts.ignored,
      refused: counts.refused,
    }),
    reasons: () => [...others],
  };
}

function kindOf(reason: Refusal): Kind {
  switch (reason) {
    case "address":
    case "PRESENCE_INVALID_ADDRESS":
      return "malformed";
    case "expired":
    case "PRESENCE_TIME_EXPIRED":
      return "expired";
    case "future":
    case "PRESENCE_TIME_IN_FUTURE":
      return "future";
    case "ignored":
    case "bot":
    case "PRESENCE_IGNORED":
      return "ignored";
    default:
      return "refused";
  }
}
