import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { accessLogLines } from "@presence/testkit";
import type { PlainSighting } from "./plain-replay.ts";

/** 10,000 lines of a real server, where somebody has put them beside the repository. */
const REAL_LOG = join(import.meta.dirname, "../../../../../shared/data/apache_access.log");

/** A log of a real server, or one as like it as can be made: 10,000 lines, out of order by up to a minute. */
export async function realLogLines(): Promise<readonly string[]> {
  if (existsSync(REAL_LOG)) return (await readFile(REAL_LOG, "utf8")).trimEnd().split("\n");
  return [
    ...accessLogLines({
      lines: 10_000,
      visitors: 1_800,
      spanMs: 3 * 86_400_000,
      disorderMs: 60_000,
      seed: 7,
    }),
  ];
}

/** A line of a combined log as another program would read it: by a regular expression and the language's own dates. */
export function plainSighting(line: string): PlainSighting {
  const [, visitor = "", day, month, year, time, zone] =
    /^(\S+) \S+ \S+ \[(\d\d)\/(\w{3})\/(\d{4}):(\d\d:\d\d:\d\d) ([+-]\d{4})\]/.exec(line) ?? [];
  return { visitor, atMs: Date.parse(`${day} ${month} ${year} ${time} ${zone}`) };
}
