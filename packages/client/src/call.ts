import { PresenceClientError } from "./errors.ts";
import { readText, type Request, send, type Sender } from "./exchange.ts";
import { invalidAnswer, timedOut } from "./failures.ts";
import { type AnyShape, misfit } from "./shape.ts";

/** Options of a single call. */
export interface CallOptions {
  /** Ends the call; it rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Longest the call takes, retries included, in milliseconds. @default the client's own */
  readonly timeoutMs?: number;
}

/** How often and how patiently reads are asked again. */
export interface RetryPolicy {
  /** Times a read is asked again. */
  readonly retries: number;
  /** Wait before the first, doubled each time, in milliseconds; each wait is cut by up to a half at random. */
  readonly baseMs: number;
  /** Longest wait in milliseconds; who asks for more by `Retry-After` is not asked again. */
  readonly maxMs: number;
}

/** What {@link call} calls with. */
export interface Caller extends Sender {
  readonly timeoutMs: number;
  readonly retry: RetryPolicy;
}

/** Calls and reads JSON, which must fit `shape`. Only a GET is ever sent twice. */
export async function callJson<Value>(
  caller: Caller,
  request: Request,
  shape: AnyShape,
  options: CallOptions = {},
): Promise<Value> {
  return await call(caller, request, options, async (signal) => {
    const answer = await send(caller, request, signal);
    const text = await readText(answer, signal);
    const { target } = answer;
    const { status } = answer.response;
    const value = parseJson(text);
    if (value === undefined) throw invalidAnswer(target, "something that is not JSON", { status });
    const wrong = misfit(value, shape);
    if (wrong !== null) throw invalidAnswer(target, `JSON of another shape (${wrong})`, { status });
    return value as Value;
  });
}

/** Calls and reads text. */
export async function callText(caller: Caller, request: Request, options: CallOptions = {}): Promise<string> {
  return await call(caller, request, options, async (signal) => {
    return await readText(await send(caller, request, signal), signal);
  });
}

async function call<Value>(
  caller: Caller,
  request: Request,
  options: CallOptions,
  attempt: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  const timeoutMs = options.timeoutMs ?? caller.timeoutMs;
  options.signal?.throwIfAborted();
  const controller = new AbortController();
  const target = { method: request.method, url: caller.endpoint.urlOf(request.path) };
  const timer = setTimeout(() => controller.abort(timedOut(target, timeoutMs)), timeoutMs);
  const onAbort = (): void => controller.abort(options.signal?.reason);
  options.signal?.addEventListener("abort", onAbort, { once: true });
  const retries = request.method === "GET" ? caller.retry.retries : 0;
  const deadlineMs = performance.now() + timeoutMs;
  try {
    return await withRetries(attempt, { ...caller.retry, retries, deadlineMs }, controller.signal);
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener("abort", onAbort);
  }
}

async function withRetries<Value>(
  attempt: (signal: AbortSignal) => Promise<Value>,
  policy: RetryPolicy & { readonly deadlineMs: number },
  signal: AbortSignal,
): Promise<Value> {
  for (let tried = 0; ; tried += 1) {
    try {
      return await attempt(signal);
    } catch (error) {
      const waitMs = tried < policy.retries ? waitBefore(error, tried, policy) : null;
      if (waitMs === null || signal.aborted) throw error;
      // Why it failed says more than that time ran out while waiting.
      if (performance.now() + waitMs >= policy.deadlineMs) throw error;
      await pause(waitMs, signal);
    }
  }
}

const PASSING_STATUSES: ReadonlySet<number | null> = new Set([429, 502, 503, 504]);

/** Milliseconds until it makes sense to ask again; `null` where it does not. */
function waitBefore(error: unknown, tried: number, { baseMs, maxMs }: RetryPolicy): number | null {
  if (!(error instanceof PresenceClientError)) return null;
  if (error.kind !== "unreachable" && !PASSING_STATUSES.has(error.status)) return null;
  const asked = error.retryAfterMs ?? 0;
  if (asked > maxMs) return null;
  return Math.max(asked, backOff(tried, { baseMs, maxMs }));
}

/** The wait before trying again after `tried` failures: doubled each time, cut by up to a half at random. */
export function backOff(tried: number, { baseMs, maxMs }: Pick<RetryPolicy, "baseMs" | "maxMs">): number {
  return Math.min(maxMs, baseMs * 2 ** tried) * (1 - Math.random() / 2);
}

/** Resolves after `delayMs`; rejects with the reason when `signal` aborts. */
export async function pause(delayMs: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const onAbort = (): void => reject(signal.reason);
  const timer = setTimeout(resolve, delayMs);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    await promise;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The caller turns it into an error that names the request.
    return undefined;
  }
}
