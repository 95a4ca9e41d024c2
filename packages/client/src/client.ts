import type {
  Channels,
  ChannelsQuery,
  Diagnostics,
  ForgetAnswer,
  ForgetRequest,
  HeartbeatRequest,
  HistoryAnswer,
  HistoryQuery,
  Jobs,
  Liveness,
  OnlineCount,
  OnlineQuery,
  OpenApiDocument,
  Peaks,
  PeaksQuery,
  PruneAnswer,
  PruneRequest,
  Readiness,
  ResetPeakQuery,
  SightingsAnswer,
  SightingsRequest,
  StreamQuery,
  Uniques,
  UniquesQuery,
  UserOnline,
  VisitorPage,
  VisitorsQuery,
} from "@presence/api-contract";
import { type Caller, callJson, type CallOptions, callText } from "./call.ts";
import { createEndpoint, invalidOption, type Query } from "./endpoint.ts";
import type { AnyShape } from "./shape.ts";
import * as shapes from "./shapes.ts";
import { followCounts, type StreamOptions, type StreamUpdate } from "./stream.ts";

/** Options of {@link createPresenceClient}. */
export interface PresenceClientOptions {
  /** Where the server is, a path included where it has one: `https://example.com/presence`. */
  readonly url: string | URL;
  /** Sent as `Authorization: Bearer` with every call; no message ever shows it. */
  readonly token?: string | undefined;
  /** Longest a call takes, retries included, in milliseconds. @default 5000 */
  readonly timeoutMs?: number;
  /** Times a read is asked again where that may help; a write is never sent twice. @default 2 */
  readonly retries?: number;
  /** Wait before the first retry in milliseconds, doubled each time, up to a half less at random. @default 100 */
  readonly retryBaseMs?: number;
  /** Longest wait before a retry in milliseconds; a longer `Retry-After` ends the call. @default 2000 */
  readonly retryMaxMs?: number;
  /** @default the runtime's own */
  readonly fetch?: typeof globalThis.fetch;
  /** @default the runtime's own */
  readonly userAgent?: string | undefined;
}

/**
 * A Presence server. Every call rejects with a `PresenceClientError`, or with the signal's reason when its
 * signal aborts.
 */
export interface PresenceClient {
  /** How many are online. */
  online(query?: OnlineQuery, options?: CallOptions): Promise<OnlineCount>;
  /** The number alone, as the original answered it. */
  userOnline(options?: CallOptions): Promise<UserOnline>;
  /** The count as it changes, over as many connections as it takes. */
  stream(query?: StreamQuery, options?: StreamOptions): AsyncGenerator<StreamUpdate, void, undefined>;
  /** One page of who is online. */
  visitors(query?: VisitorsQuery, options?: CallOptions): Promise<VisitorPage>;
  /**
   * All who are online, page by page, oldest sighting first and 1,000 a page unless asked otherwise. Who
   * stays online throughout is listed at least once, and may be listed again when seen meanwhile.
   */
  allVisitors(query?: VisitorsQuery, options?: CallOptions): AsyncGenerator<VisitorPage, void, undefined>;
  /** Removes single visitors; a later sighting brings them back. */
  forget(request: ForgetRequest, options?: CallOptions): Promise<ForgetAnswer>;
  /** Removes expired and invalid visitors; may take `maxMs` longer than other calls. */
  prune(request?: PruneRequest, options?: CallOptions): Promise<PruneAnswer>;
  /** Says that the caller itself is here. */
  heartbeat(request?: HeartbeatRequest, options?: CallOptions): Promise<OnlineCount>;
  /** Records sightings from elsewhere. Sending them again is harmless, so the caller may retry. */
  sightings(request: SightingsRequest, options?: CallOptions): Promise<SightingsAnswer>;
  channels(query?: ChannelsQuery, options?: CallOptions): Promise<Channels>;
  diagnostics(options?: CallOptions): Promise<Diagnostics>;
  jobs(options?: CallOptions): Promise<Jobs>;
  history(query?: HistoryQuery, options?: CallOptions): Promise<HistoryAnswer>;
  peaks(query?: PeaksQuery, options?: CallOptions): Promise<Peaks>;
  /** Begins a peak anew; answers the peaks after it. */
  resetPeak(query: ResetPeakQuery, options?: CallOptions): Promise<Peaks>;
  uniques(query?: UniquesQuery, options?: CallOptions): Promise<Uniques>;
  /** Whether the process answers. */
  live(options?: CallOptions): Promise<Liveness>;
  /** Whether it wants requests; a draining server answers that, it is no error. */
  ready(options?: CallOptions): Promise<Readiness>;
  openApi(options?: CallOptions): Promise<OpenApiDocument>;
  /** Prometheus text; the client's token must be that of the metrics. */
  metrics(options?: CallOptions): Promise<string>;
}

const DEFAULT_TIMEOUT_MS = 5_000;
const DEFAULT_RETRIES = 2;
const DEFAULT_RETRY_BASE_MS = 100;
const DEFAULT_RETRY_MAX_MS = 2_000;
const DEFAULT_PRUNE_MS = 1_000;
const PAGE_VISITORS = 1_000;

/**
 * A client of the Presence server at `url`. It opens nothing and needs no close.
 *
 * @throws {PresenceClientError} `PRESENCE_CLIENT_INVALID_OPTION`
 * @example
 * const presence = createPresenceClient({ url: "https://example.com", token });
 * const { count, complete } = await presence.online();
 */
export function createPresenceClient(options: PresenceClientOptions): PresenceClient {
  const caller = createCaller(options);

  async function get<Value>(path: string, shape: AnyShape, query: Query, call?: CallOptions): Promise<Value> {
    return await callJson(caller, { method: "GET", path, query, accept: "application/json" }, shape, call);
  }

  async function post<Value>(
    path: string,
    shape: AnyShape,
    body: unknown,
    call?: CallOptions,
  ): Promise<Value> {
    return await callJson(caller, { method: "POST", path, body, accept: "application/json" }, shape, call);
  }

  const visitors: PresenceClient["visitors"] = (query = {}, call) =>
    get("/v1/online/visitors", shapes.VISITOR_PAGE, query, call);

  return {
    visitors,
    online: (query = {}, call) => get("/v1/online", shapes.ONLINE_COUNT, query, call),
    userOnline: (call) => get("/user/online/", shapes.USER_ONLINE, {}, call),
    stream: (query = {}, stream = {}) => followCounts(caller, query, stream),
    async *allVisitors(query = {}, call) {
      let { cursor } = query;
      do {
        const page = await visitors({ order: "oldest", limit: PAGE_VISITORS, ...query, cursor }, call);
        yield page;
        cursor = page.nextCursor ?? undefined;
      } while (cursor !== undefined);
    },
    forget: (request, call) => post("/v1/online/forget", shapes.FORGET_ANSWER, request, call),
    prune: (request = {}, call = {}) => {
      const timeoutMs = call.timeoutMs ?? caller.timeoutMs + (request.maxMs ?? DEFAULT_PRUNE_MS);
      return post("/v1/online/prune", shapes.PRUNE_ANSWER, request, { ...call, timeoutMs });
    },
    heartbeat: (request = {}, call) => post("/v1/heartbeat", shapes.ONLINE_COUNT, request, call),
    sightings: (request, call) => post("/v1/sightings", shapes.SIGHTINGS_ANSWER, request, call),
    channels: (query = {}, call) => get("/v1/channels", shapes.CHANNELS, query, call),
    diagnostics: (call) => get("/v1/diagnostics", shapes.DIAGNOSTICS, {}, call),
    jobs: (call) => get("/v1/jobs", shapes.JOBS, {}, call),
    history: (query = {}, call) => get("/v1/history", shapes.HISTORY_ANSWER, query, call),
    peaks: (query = {}, call) => get("/v1/peaks", shapes.PEAKS, query, call),
    resetPeak: (query, call) =>
      callJson(
        caller,
        { method: "DELETE", path: "/v1/peaks", query, accept: "application/json" },
        shapes.PEAKS,
        call,
      ),
    uniques: (query = {}, call) => get("/v1/uniques", shapes.UNIQUES, query, call),
    live: (call) => get("/live", shapes.LIVENESS, {}, call),
    ready: (call) => {
      const request = {
        method: "GET",
        path: "/ready",
        accept: "application/json",
        statuses: [200, 503],
      } as const;
      return callJson(caller, request, shapes.READINESS, call);
    },
    openApi: (call) => get("/openapi.json", { openapi: "string", paths: "object" }, {}, call),
    metrics: (call) => callText(caller, { method: "GET", path: "/metrics", accept: "text/plain" }, call),
  };
}

function createCaller(options: PresenceClientOptions): Caller {
  const { url, token, userAgent, fetch = globalThis.fetch } = options;
  return {
    endpoint: createEndpoint({ url, token, userAgent }),
    fetch,
    timeoutMs: wholeNumber("timeoutMs", options.timeoutMs ?? DEFAULT_TIMEOUT_MS, 1),
    retry: {
      retries: wholeNumber("retries", options.retries ?? DEFAULT_RETRIES, 0),
      baseMs: wholeNumber("retryBaseMs", options.retryBaseMs ?? DEFAULT_RETRY_BASE_MS, 0),
      maxMs: wholeNumber("retryMaxMs", options.retryMaxMs ?? DEFAULT_RETRY_MAX_MS, 0),
    },
  };
}

// A longer timer would fire at once: setTimeout counts in 31 bits.
const MAX_TIMER_MS = 2_147_483_647;

function wholeNumber(name: string, value: number, minimum: number): number {
  if (Number.isInteger(value) && value >= minimum && value <= MAX_TIMER_MS) return value;
  throw invalidOption(`${name} must be a whole number, at least ${minimum}`);
}
