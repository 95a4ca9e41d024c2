import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { accessLogLines } from "@presence/testkit";
import { REPOSITORY } from "./programs.ts";

/** One request of a log, when it is to be sent again. */
export interface LoggedVisit {
  readonly address: string;
  /** Milliseconds after the first. */
  readonly atMs: number;
}

/** How a log is sent again. */
export interface ReplayOptions {
  /** Milliseconds of the log become so many times fewer. */
  readonly speedUp: number;
  /** A pause longer than this, in milliseconds of the replay, is cut to it. */
  readonly longestPauseMs: number;
}

const REAL_LOG = join(REPOSITORY, "../shared/data/apache_access.log");
const LINE = /^(\S+) \S+ \S+ \[(\d\d)\/(\w{3})\/(\d{4}):(\d\d:\d\d:\d\d) ([+-]\d{4})\]/;
const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

/** Lines of the real log where this machine has it, else of one with its disorder; `most` of them at the most. */
export function accessLog(most: number): { readonly name: string; readonly lines: readonly string[] } {
  if (existsSync(REAL_LOG)) {
    const lines = readFileSync(REAL_LOG, "utf8").trimEnd().split("\n").slice(0, most);
    return { name: "apache_access.log", lines };
  }
  const made = accessLogLines({ lines: most, visitors: most / 6, spanMs: most * 600, disorderMs: 60_000 });
  return { name: "a log made here", lines: [...made] };
}

/** The visits of a log in the order of their times. */
export function visitsOf(
  lines: readonly string[],
  { speedUp, longestPauseMs }: ReplayOptions,
): LoggedVisit[] {
  const visits = lines.map(parseLine).toSorted((a, b) => a.atMs - b.atMs);
  let atMs = 0;
  return visits.map((visit, index) => {
    const pauseMs = (visit.atMs - (visits[index - 1]?.atMs ?? visit.atMs)) / speedUp;
    atMs += Math.min(pauseMs, longestPauseMs);
    return { address: visit.address, atMs };
  });
}

function parseLine(line: string): LoggedVisit {
  const [, address = "", day = "", month = "", year = "", time = "", zone = ""] = LINE.exec(line) ?? [];
  const monthNumber = String(MONTHS.indexOf(month) + 1).padStart(2, "0");
  const atMs = Date.parse(`${year}-${monthNumber}-${day}T${time}${zone}`);
  if (Number.isNaN(atMs)) throw new Error(`That is no line of an access log: ${line}`);
  return { address, atMs };
}
