import type { Report } from "./events.ts";

/** Numbers of requests and sightings that were not counted, by reason. */
export interface Tally {
  /** So many more. The first of a reason that is for the developer to mend is reported. */
  add(reason: string, amount: number): void;
  numbers(): Readonly<Record<string, number>>;
}

/** Reasons that are meant to be, or that an event of their own tells of. */
const QUIET: ReadonlySet<string> = new Set(["skipped", "ignored", "bot", "key", "callback", "closed"]);

const REMEDIES: Readonly<Record<string, string>> = {
  address:
    "their connection has no address: trust the proxy (trustedProxies, `unix` for a Unix socket), or tell where they come from (`peer` of fetch handlers)",
  channel:
    "channel() answers what is no channel: 1 to 128 of a-z 0-9 _ . ~ / : % -, beginning with a letter or digit",
  "channel-not-allowed":
    "channel() answers one that is not in `channels`: add its name, or a pattern like page:*",
  "too-many-channels": "more channels are live than `channelsMax`",
  full: "more visitors wait than `bufferVisitors`; counts are incomplete meanwhile",
  expired: "they waited for the store for longer than the window",
};

export function createTally(report: Report): Tally {
  const numbers: Record<string, number> = {};
  return {
    add(reason, amount) {
      const before = numbers[reason] ?? 0;
      numbers[reason] = before + amount;
      if (before > 0 || QUIET.has(reason)) return;
      const message = `Some visits are not counted (${reason}): ${REMEDIES[reason] ?? "the server refuses them"}.`;
      report({ kind: "refused", message, reason });
    },
    numbers: () => ({ ...numbers }),
  };
}
