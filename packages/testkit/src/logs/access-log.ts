import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { seededRandom, type Random } from "./seeded-random.ts";

/** Options of {@link accessLogLines}. */
export interface AccessLogOptions {
  readonly lines: number;
  /** How many addresses share them: some often, most seldom, as on a real site. @default a fifth of the lines */
  readonly visitors?: number;
  /** Time of the first line, in epoch milliseconds. @default 2026-01-01T00:00:00Z */
  readonly startMs?: number;
  /** Time from the first line to the last, in milliseconds. @default one second a line */
  readonly spanMs?: number;
  /** Lines are written up to this much after their time, so that they are out of order. @default 0 */
  readonly disorderMs?: number;
  /** @default "combined" */
  readonly format?: "common" | "combined" | "json";
  /** The same seed gives the same lines. @default 1 */
  readonly seed?: number;
}

const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
const PATHS = ["/", "/pricing", "/blog/why-we-count", "/docs/start", "/img/logo.svg", "/favicon.ico"];
const AGENT =
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36";

/** One request of the log. */
interface LoggedRequest {
  readonly address: string;
  readonly atMs: number;
  readonly path: string;
}

/** Lines of an access log as a web server would write it, without their line ends. Deterministic. */
export function* accessLogLines(options: AccessLogOptions): Generator<string> {
  const { lines, disorderMs = 0, seed = 1, format = "combined" } = options;
  const { visitors = Math.max(1, Math.floor(lines / 5)), spanMs = (lines - 1) * 1_000 } = options;
  const startMs = options.startMs ?? Date.UTC(2026, 0, 1);
  const random = seededRandom(seed);
  for (let index = 0; index < lines; index++) {
    const writtenMs = startMs + (lines > 1 ? (index / (lines - 1)) * spanMs : 0);
    const lateMs = index === 0 ? 0 : random() * disorderMs;
    const atMs = Math.max(startMs, writtenMs - lateMs);
    yield logLine(format, {
      address: address(pickVisitor(random, visitors)),
      atMs,
      path: PATHS[Math.floor(random() * PATHS.length)] ?? "/",
    });
  }
}

/** Writes such a log into `folder` and answers its path. */
export async function writeAccessLog(folder: string, options: AccessLogOptions): Promise<string> {
  const path = join(folder, "access.log");
  const text = function* text(): Generator<string> {
    for (const line of accessLogLines(options)) yield `${line}\n`;
  };
  await pipeline(Readable.from(text()), createWriteStream(path));
  return path;
}

/** Squared, so that a few come often and most seldom. */
function pickVisitor(random: Random, visitors: number): number {
  return Math.floor(random() ** 2 * visitors);
}

/** Every tenth visitor comes over IPv6, from the range kept for documents. */
function address(visitor: number): string {
  return visitor % 10 === 9
    ? `2001:db8:${(visitor >>> 16).toString(16)}:${(visitor & 0xffff).toString(16)}::1`
    : `10.${(visitor >>> 16) & 255}.${(visitor >>> 8) & 255}.${visitor & 255}`;
}

function logLine(format: NonNullable<AccessLogOptions["format"]>, request: LoggedRequest): string {
  const { address: client, atMs, path } = request;
  if (format === "json") {
    const time = new Date(atMs).toISOString();
    return JSON.stringify({ remote_addr: client, time, request: `GET ${path} HTTP/1.1`, status: 200 });
  }
  const common = `${client} - - [${logTime(atMs)}] "GET ${path} HTTP/1.1" 200 512`;
  return format === "common" ? common : `${common} "-" "${AGENT}"`;
}

function logTime(atMs: number): string {
  const [date = "", rest = ""] = new Date(atMs).toISOString().split("T");
  const [year = "", month = "", day = ""] = date.split("-");
  return `${day}/${MONTHS[Number(month) - 1] ?? ""}/${year}:${rest.slice(0, 8)} +0000`;
}
