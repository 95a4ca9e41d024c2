/** What a load consists of. */
export interface LoadOptions {
  /** `http://127.0.0.1:<port>/path`; several are taken in turn. */
  readonly urls: readonly string[];
  /** Requests are begun at this rate, whether earlier ones were answered or not. */
  readonly ratePerSecond: number;
  /** @default until stopped */
  readonly durationMs?: number;
  /** Over how many addresses the requests are spread, as `X-Forwarded-For`. @default 1000 */
  readonly visitors?: number;
  /** Number of the first of them, for loads beside each other that share none. @default 0 */
  readonly firstVisitor?: number;
  /** `cycle`: one after the other; `random`: each time anyone, the same ones for the same seed. @default "random" */
  readonly order?: "cycle" | "random";
  /** @default 1 */
  readonly seed?: number;
  /** @default "GET" */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Longest wait for an answer from when the request should have begun, in milliseconds. @default 5000 */
  readonly timeoutMs?: number;
  /** Most connections at a time; a request that finds none free waits, which counts. @default 256 */
  readonly connections?: number;
}

/** What became of the requests of one phase. */
export interface PhaseReport {
  readonly phase: string;
  /** Requests that should have begun in this phase. */
  readonly sent: number;
  /** Of those, answered by anything. */
  readonly answered: number;
  /** How often each status was answered. */
  readonly statuses: Readonly<Record<string, number>>;
  /** How often each error stood in the way of an answer. */
  readonly errors: Readonly<Record<string, number>>;
  /** Distinct addresses in all requests, and in those that were answered. */
  readonly visitorsSent: number;
  readonly visitorsAnswered: number;
  /** From when a request should have begun to the end of its answer, in milliseconds: a stall counts in full. */
  readonly latencyMs: Percentiles;
  /** From when a request should have begun to when it did: how far behind the generator itself was. */
  readonly delayMs: Percentiles;
}

/** Percentiles of all values; zeros where there are none. */
export interface Percentiles {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

/** What became of all of them, phase by phase. */
export interface LoadReport {
  readonly phases: readonly PhaseReport[];
  readonly elapsedMs: number;
}
