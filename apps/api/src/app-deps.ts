import type { ChannelPolicy, Presence } from "@presence/core";
import type { DayCalendar, HistoryStore } from "@presence/history";
import type { Health, Logger } from "@presence/service-kit";
import type { Callers } from "./callers.ts";
import type { ApiConfig } from "./config.ts";
import type { Diagnostics } from "./diagnostics/diagnostics.ts";
import type { Access } from "./http/access.ts";
import type { Cursors } from "./http/cursor.ts";
import type { Ingest } from "./ingest.ts";
import type { Pages } from "./static/pages.ts";
import type { ApiMetrics } from "./metrics/api-metrics.ts";
import type { StoreLog } from "./store-log.ts";
import type { StreamHub } from "./stream/stream-hub.ts";

/** Everything the app is made of; `start.ts` opens it, tests make their own. */
export interface AppDeps {
  readonly config: ApiConfig;
  readonly presence: Presence;
  readonly history: HistoryStore;
  /** The days of `PRESENCE_TIME_ZONE`. */
  readonly calendar: DayCalendar;
  readonly callers: Callers;
  readonly ingest: Ingest;
  readonly access: Access;
  readonly cursors: Cursors;
  /** Which channels may be recorded to, and shown without a token. */
  readonly channels: ChannelPolicy;
  readonly streams: StreamHub;
  readonly diagnostics: Diagnostics;
  readonly pages: Pages;
  /** `null` where nobody may scrape them. */
  readonly metrics: ApiMetrics | null;
  readonly health: Health;
  /** A steady clock, in milliseconds. */
  readonly steadyMs: () => number;
  /** Host and process id, as other processes are told. */
  readonly processName: string;
  readonly logger: Logger;
  readonly storeLog: StoreLog;
}
