import { seededRandom } from "../logs/seeded-random.ts";
import { type HttpConnection, openHttpConnection } from "./http-connection.ts";
import type { LoadOptions, LoadReport } from "./options.ts";
import { type PhaseStatistics, phaseStatistics } from "./statistics.ts";

/** A load under way. */
export interface Generator {
  /** What begins from now on is counted under this name. */
  phase(name: string): void;
  /** Begins nothing more, waits for the answers. Idempotent. */
  stop(): Promise<LoadReport>;
  /** Settles when it was stopped, or its time is up. */
  readonly done: Promise<LoadReport>;
}

/** Is told of each request as it happens, by the number of its visitor. */
export interface LoadObserver {
  readonly onSent?: (visitor: number) => void;
  readonly onAnswered?: (visitor: number) => void;
}

interface Target {
  readonly host: string;
  readonly port: number;
  readonly request: (visitor: string) => string;
  readonly free: HttpConnection[];
  /** Those who wait for a connection. */
  readonly queue: ((connection: HttpConnection) => void)[];
  open: number;
}

const TICK_MS = 1;

/**
 * Begins requests at a fixed rate and measures each from when it should have begun: a server that stalls is not
 * spared the requests that a polite client would have held back.
 */
export function generateLoad(options: LoadOptions, observer: LoadObserver = {}): Generator {
  const { ratePerSecond, durationMs = Infinity, visitors = 1_000, order = "random", seed = 1 } = options;
  const { timeoutMs = 5_000, connections = 256, firstVisitor = 0 } = options;
  const targets = options.urls.map((url) => createTarget(url, options));
  const most = Math.max(1, Math.floor(connections / targets.length));
  const random = seededRandom(seed);
  const phases = [phaseStatistics("start")];
  const pending = new Set<Promise<void>>();
  const finished = Promise.withResolvers<LoadReport>();
  const startedMs = performance.now();
  let begun = 0;

  function begin(dueMs: number): void {
    const target = targets[begun % targets.length];
    const statistics = phases.at(-1);
    if (target === undefined || statistics === undefined) throw new RangeError("a load needs a url");
    const number = firstVisitor + (order === "cycle" ? begun % visitors : Math.floor(random() * visitors));
    begun += 1;
    statistics.sent(addressOf(number));
    observer.onSent?.(number);
    const request = run(target, number, dueMs, statistics).finally(() => pending.delete(request));
    pending.add(request);
  }

  async function run(
    target: Target,
    number: number,
    dueMs: number,
    statistics: PhaseStatistics,
  ): Promise<void> {
    const visitor = addressOf(number);
    const connection = await take(target, most);
    try {
      const delayMs = performance.now() - dueMs;
      statistics.began(delayMs);
      const status = await connection.send(target.request(visitor), Math.max(1, timeoutMs - delayMs));
      statistics.answered(visitor, status, performance.now() - dueMs);
      observer.onAnswered?.(number);
    } catch (error) {
      statistics.failed(error instanceof Error ? error.message : String(error));
    } finally {
      giveBack(target, connection);
    }
  }

  const timer = setInterval(() => {
    const elapsedMs = Math.min(performance.now() - startedMs, durationMs);
    const due = Math.floor((elapsedMs / 1_000) * ratePerSecond);
    while (begun < due) begin(startedMs + (begun / ratePerSecond) * 1_000);
    if (elapsedMs >= durationMs) void stop();
  }, TICK_MS);

  async function end(): Promise<LoadReport> {
    clearInterval(timer);
    await Promise.allSettled(pending);
    const elapsedMs = Math.round(performance.now() - startedMs);
    for (const { free } of targets) for (const connection of free) connection.destroy();
    return { phases: phases.map((phase) => phase.report()).filter(({ sent }) => sent > 0), elapsedMs };
  }

  let ending: Promise<LoadReport> | null = null;
  function stop(): Promise<LoadReport> {
    if (ending === null) {
      ending = end();
      finished.resolve(ending);
    }
    return ending;
  }

  return {
    phase: (name) => void phases.push(phaseStatistics(name)),
    stop,
    done: finished.promise,
  };
}

async function take(target: Target, most: number): Promise<HttpConnection> {
  for (let free = target.free.pop(); free !== undefined; free = target.free.pop()) {
    if (free.isOpen) return free;
    target.open -= 1;
  }
  if (target.open < most) {
    target.open += 1;
    return openHttpConnection(target.host, target.port);
  }
  return new Promise((resolve) => target.queue.push(resolve));
}

function giveBack(target: Target, connection: HttpConnection): void {
  const next = target.queue.shift();
  const usable = connection.isOpen ? connection : null;
  if (next !== undefined) next(usable ?? openHttpConnection(target.host, target.port));
  else if (usable !== null) target.free.push(usable);
  else target.open -= 1;
}

function createTarget(url: string, { method = "GET", headers = {}, body }: LoadOptions): Target {
  const { hostname, port, pathname, search, host } = new URL(url);
  const length = body === undefined ? "" : `Content-Length: ${Buffer.byteLength(body)}\r\n`;
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `${method} ${pathname}${search} HTTP/1.1\r\nHost: ${host}\r\n${lines.join("")}${length}`;
  return {
    host: hostname,
    port: Number(port),
    request: (visitor) => `${head}X-Forwarded-For: ${visitor}\r\n\r\n${body ?? ""}`,
    free: [],
    queue: [],
    open: 0,
  };
}

/** Addresses of 10.0.0.0/8, one for each number below 2^24. */
function addressOf(visitor: number): string {
  return `10.${(visitor >>> 16) & 255}.${(visitor >>> 8) & 255}.${visitor & 255}`;
}
