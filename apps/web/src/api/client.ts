import type {
  Channels,
  ChannelsQuery,
  Diagnostics,
  ForgetAnswer,
  ForgetRequest,
  HistoryAnswer,
  HistoryQuery,
  Jobs,
  OnlineCount,
  Peaks,
  PruneAnswer,
  PruneRequest,
  ResetPeakQuery,
  Uniques,
  VisitorPage,
  VisitorsQuery,
} from "@presence/api-contract";
import { ApiError, errorOf } from "./problem.ts";

/** Longest wait for an answer, in milliseconds; a prune may run for 8 s. */
const TIMEOUT_MS = 10_000;

/** Options of {@link createApi}. */
export interface ApiOptions {
  /** Token of the moment, `null` without one. */
  readonly token: () => string | null;
  /** Told when the server no longer takes the token that was sent. */
  readonly onTokenRefused: (token: string) => void;
}

/** What the dashboard asks of the server. Every call rejects with an {@link ApiError}. */
export type Api = ReturnType<typeof createApi>;

type Query = Readonly<Record<string, string | number | undefined>>;

/** A typed client for the server this page came from. */
export function createApi({ token, onTokenRefused }: ApiOptions) {
  async function send(path: string, init: RequestInit): Promise<Response> {
    const sent = token();
    const headers = new Headers(init.headers);
    if (sent !== null) headers.set("authorization", `Bearer ${sent}`);
    const response = await fetch(path, { ...init, headers, credentials: "omit" }).catch((cause: unknown) => {
      throw new ApiError(0, "", "The server cannot be reached.", { cause });
    });
    if (response.ok) return response;
    if (response.status === 401 && sent !== null) onTokenRefused(sent);
    throw await errorOf(response);
  }

  async function json<Answer>(path: string, init: RequestInit = {}): Promise<Answer> {
    const response = await send(path, { signal: AbortSignal.timeout(TIMEOUT_MS), ...init });
    const answer: Answer = await response.json().catch((cause: unknown) => {
      throw new ApiError(response.status, "", "The answer is no JSON.", { cause });
    });
    return answer;
  }

  function post<Answer>(path: string, body: unknown, init: RequestInit = {}): Promise<Answer> {
    const headers = { "content-type": "application/json" };
    return json(path, { ...init, method: "POST", headers, body: JSON.stringify(body) });
  }

  return {
    online: (signal: AbortSignal) => json<OnlineCount>("/v1/online?channel=site", { signal }),
    /** The open stream of counts; the caller reads it and ends it by `signal`. */
    stream: (signal: AbortSignal) =>
      send("/v1/online/stream?channel=site", { signal, headers: { accept: "text/event-stream" } }),
    visitors: (query: VisitorsQuery) => json<VisitorPage>(`/v1/online/visitors${queryText(query)}`),
    /** With `keepalive` the request outlives the page. */
    forget: (request: ForgetRequest, keepalive: boolean) =>
      post<ForgetAnswer>("/v1/online/forget", request, { keepalive }),
    prune: (request: PruneRequest) => post<PruneAnswer>("/v1/online/prune", request),
    channels: (query: ChannelsQuery) => json<Channels>(`/v1/channels${queryText(query)}`),
    diagnostics: () => json<Diagnostics>("/v1/diagnostics"),
    jobs: () => json<Jobs>("/v1/jobs"),
    history: (query: HistoryQuery) => json<HistoryAnswer>(`/v1/history${queryText(query)}`),
    uniques: (days: number) => json<Uniques>(`/v1/uniques?days=${days}`),
    peaks: () => json<Peaks>("/v1/peaks"),
    resetPeak: (query: ResetPeakQuery) => json<Peaks>(`/v1/peaks${queryText(query)}`, { method: "DELETE" }),
  };
}

function queryText(query: Query): string {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)]],
  );
  return given.length === 0 ? "" : `?${new URLSearchParams(given)}`;
}
