import type { NoVisitorReason } from "@presence/client-address";
import type { RefusalReason } from "@presence/core";

/** Why a sighting counts nobody: found out here, or answered by an API (`PRESENCE_…`). */
export type Refusal = RefusalReason | NoVisitorReason | `PRESENCE_${string}`;

/** A client as it was found. */
export interface Sighted {
  readonly address: string;
  readonly userAgent: string | undefined;
  /** When, in epoch milliseconds; `null` for now. */
  readonly atMs: number | null;
}

/** Where sightings go: a store, or an API. They are sent in the background; who records waits by `flush`. */
export interface Destination {
  /** Whether user agents make a difference there. */
  readonly needsUserAgents: boolean;
  /** Why a sighting of that time counts nobody, as far as is known: asked before more is looked at. */
  refusalOf(atMs: number): "expired" | "future" | null;
  /** Takes a sighting; `null`, or why it counts nobody. Returns at once. */
  record(sighted: Sighted): Refusal | null;
  /** Visitors that wait to be sent. */
  pending(): number;
  /** Sends all that waits; rejects with the reason where it cannot be sent now. */
  flush(): Promise<void>;
  /** Ends it; what still waits is lost. */
  close(): Promise<void>;
}

/** Options of a destination, and what it tells beside the calls. */
export interface DestinationOptions {
  readonly channel: string;
  /** Whether it records until it is told to end, so that it is news as well that nobody came. */
  readonly isLasting: boolean;
  /** Sightings that were taken count nobody after all. */
  readonly onRefused: (reason: Refusal, sightings: number) => void;
  /** Nothing can be sent just now, everything waits. Told again and again for as long as it lasts. */
  readonly onLost: (error: Error) => void;
  /** It can be sent. Told again and again. */
  readonly onBack: () => void;
}

/** Most visitors that wait; those who record wait for room long before. */
export const BUFFER_VISITORS = 100_000;
