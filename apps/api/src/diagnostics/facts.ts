import type { ClockReading, JobRun, RegisteredWriter, StoreState, WriterProfile } from "@presence/core";
import type { RedisInspection } from "@presence/core/redis";
import type { ApiConfig } from "../config.ts";
import type { TallySummary } from "./tally.ts";

/** Everything that findings are made of, as of one instant. */
export interface Facts {
  readonly nowMs: number;
  readonly startedMs: number;
  readonly config: ApiConfig;
  /** Who sent requests. */
  readonly requests: TallySummary;
  /** Whom `/v1/sightings` was told of. */
  readonly sightings: TallySummary;
  /** Visitors that were lost in the last ten minutes because the buffer was full. */
  readonly dropped: number;
  readonly store: StoreFacts;
  /** How this process is registered. */
  readonly writer: WriterProfile & { readonly id: string };
  /** All processes that record, as last heard of. */
  readonly writers: readonly RegisteredWriter[];
  /** The last run of each job; `null` where the store cannot be asked. */
  readonly jobs: readonly JobRun[] | null;
  /** When the store was last found to have lost its data, in epoch milliseconds; `null`: never. */
  readonly dataLostMs: number | null;
}

/** The store as this process finds it. */
export interface StoreFacts {
  readonly name: "memory" | "redis";
  readonly isReady: boolean;
  /** Round trip of a question just now, in milliseconds; `null` where it was not answered. */
  readonly latencyMs: number | null;
  readonly state: StoreState | null;
  readonly clock: ClockReading;
  /** `null` for a store that is no Redis, or one that cannot be asked. */
  readonly inspection: RedisInspection | null;
  /** Who of the site was seen last: a sample, empty for a store of this process alone. */
  readonly sample: readonly string[];
}
