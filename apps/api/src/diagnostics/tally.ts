import { canonicalAddress, type Client, scopeOf } from "@presence/client-address";
import { createFrequent, type Frequent, type LabelCount, sumCounts } from "./frequent.ts";

/** Minutes that are remembered, the current one included. */
export const MINUTES = 10;

/** How long a minute of the tally is, in milliseconds: somebody has to turn it. */
export const MINUTE_MS = 60_000;

/** Clients, and peers, whose frequency is watched at a time. */
const WATCHED = 16;

/** Reasons that have a number of their own, here or with the recorder. */
const COUNTED_APART: ReadonlySet<string> = new Set(["address", "ignored", "bot", "full"]);

/** What was seen of clients in the last ten minutes, in bounded memory. */
export interface Tally {
  /**
   * Takes note of a client, of a request or of an address somebody sent.
   *
   * @param client `null`: there was no address to be had.
   * @param visitor `null`: there is none to record.
   * @param refusal Why it was not recorded, or `null`.
   */
  add(client: Client | null, visitor: string | null, isBot: boolean, refusal: string | null): void;
  /** Takes note of something that was not taken and had no client to look for. */
  refuse(refusal: string): void;
  /** Takes note of a peer that sends a header of a proxy and is not trusted, and hence is the client itself. */
  addForwarder(peer: string, client: Client): void;
  /** Begins the next minute, and forgets what is ten minutes old. */
  turn(nowMs: number): void;
  summary(): TallySummary;
}

/** Numbers of the last ten minutes. */
export interface TallyCounts {
  /** Clients that were looked for. */
  readonly clients: number;
  readonly private: number;
  readonly loopback: number;
  readonly nobody: number;
  readonly ignored: number;
  readonly bots: number;
  /** Requests with a header of a proxy from a peer that is not trusted. */
  readonly forwarded: number;
}

/** A {@link Tally}, added up. */
export interface TallySummary extends TallyCounts {
  /** Begin of the tally, in epoch milliseconds. */
  readonly sinceMs: number;
  /** Private and loopback peers, not trusted, that sent a header of a proxy, with how often they did at least. */
  readonly forwarders: ReadonlyMap<string, number>;
  /** What was not taken, by reason. */
  readonly refusals: ReadonlyMap<string, number>;
  /** The busiest visitor and how often it was seen at least; `null` without any. */
  readonly busiest: { readonly visitor: string; readonly count: number } | null;
}

interface Minute {
  readonly sinceMs: number;
  readonly counts: { -readonly [Name in keyof TallyCounts]: number };
  readonly forwarders: Frequent;
  readonly visitors: Frequent;
  readonly refusals: Map<string, number>;
}

/** Counters for each minute, so that the oldest can go as a whole. Nothing is allocated for a client. */
export function createTally(nowMs: number): Tally {
  let current = createMinute(nowMs);
  let minutes: readonly Minute[] = [current];

  function refuse(refusal: string): void {
    current.refusals.set(refusal, (current.refusals.get(refusal) ?? 0) + 1);
  }

  return {
    refuse,
    add(client, visitor, isBot, refusal) {
      const { counts, visitors } = current;
      counts.clients += 1;
      if (client === null) counts.nobody += 1;
      else {
        const scope = scopeOf(client.bits);
        if (scope !== "public") counts[scope] += 1;
        if (visitor !== null) visitors.add(keyOf(client), visitor);
      }
      if (isBot || refusal === "bot") counts.bots += 1;
      if (refusal === "ignored") counts.ignored += 1;
      if (refusal !== null && !COUNTED_APART.has(refusal)) refuse(refusal);
    },
    addForwarder(peer, client) {
      current.counts.forwarded += 1;
      // Nobody is ever told to trust a peer from afar: its address is not kept.
      if (scopeOf(client.bits) !== "public") current.forwarders.add(keyOf(client), peer);
    },
    turn(atMs) {
      current = createMinute(atMs);
      minutes = [...minutes.slice(1 - MINUTES), current];
    },
    summary() {
      const sum = (name: keyof TallyCounts): number =>
        minutes.reduce((total, { counts }) => total + counts[name], 0);
      return {
        sinceMs: minutes[0]?.sinceMs ?? current.sinceMs,
        clients: sum("clients"),
        private: sum("private"),
        loopback: sum("loopback"),
        nobody: sum("nobody"),
        ignored: sum("ignored"),
        bots: sum("bots"),
        forwarded: sum("forwarded"),
        forwarders: sumCounts(minutes.map(({ forwarders }) => byAddress(forwarders.entries()))),
        refusals: sumCounts(minutes.map(({ refusals }) => refusals)),
        busiest: busiestOf(sumCounts(minutes.map(({ visitors }) => visitors.entries()))),
      };
    },
  };
}

function createMinute(sinceMs: number): Minute {
  return {
    sinceMs,
    counts: { clients: 0, private: 0, loopback: 0, nobody: 0, ignored: 0, bots: 0, forwarded: 0 },
    forwarders: createFrequent(WATCHED),
    visitors: createFrequent(WATCHED),
    refusals: new Map(),
  };
}

/** The client as an integer: its IPv4 address, else FNV-1a of its group (as `shardOf` of the core has it). */
function keyOf({ bits, group }: Client): number {
  if (typeof bits === "number") return bits | 0;
  let hash = 2_166_136_261;
  for (let i = 0; i < group.length; i += 1) hash = Math.imul(hash ^ group.charCodeAt(i), 16_777_619);
  return hash;
}

/** A dual-stack socket shows an IPv4 peer as `::ffff:10.0.0.7`. */
function byAddress(peers: readonly LabelCount[]): readonly LabelCount[] {
  return peers.map(([peer, count]) => [canonicalAddress(peer) ?? peer, count]);
}

function busiestOf(visitors: ReadonlyMap<string, number>): TallySummary["busiest"] {
  let busiest: TallySummary["busiest"] = null;
  for (const [visitor, count] of visitors) {
    if (busiest === null || count > busiest.count) busiest = { visitor, count };
  }
  return busiest;
}
