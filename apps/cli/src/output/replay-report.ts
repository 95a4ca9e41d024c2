import type { Identity } from "../config.ts";
import type { Io } from "../io.ts";
import type { ReplayPoint } from "../replay/replay.ts";
import { csvRow } from "./csv.ts";
import { asciiJson } from "./json.ts";
import { counted, fullTime, grouped } from "./words.ts";

/** What a replay found. */
export interface ReplayReport {
  readonly lines: number;
  readonly malformed: number;
  readonly late: number;
  readonly visitors: number;
  readonly windowSeconds: number;
  readonly stepSeconds: number;
  readonly identity: Identity;
  readonly ipv6Prefix: number;
  /** The largest point, the earliest of equals; `null` where there is none. */
  readonly peak: ReplayPoint | null;
  readonly length: number;
  readonly points: () => Iterable<ReplayPoint>;
}

/** Points of one write. */
const CHUNK_POINTS = 1_000;

/** Prints a report in the form asked for. */
export async function printReplay(
  report: ReplayReport,
  format: "table" | "json" | "csv",
  io: Io,
): Promise<void> {
  switch (format) {
    case "json":
      return printJson(report, io);
    case "csv":
      await io.stderr.write(`${factsOf(report)}\n`);
      await io.stdout.write(csvRow(["at", "count"]));
      return printPoints(report, io, ({ atMs, count }) => csvRow([new Date(atMs).toISOString(), count]));
    case "table": {
      const { replayTable } = await import("./replay-table.ts");
      return io.stdout.write(`${factsOf(report)}\n${replayTable(report)}`);
    }
  }
}

async function printJson(report: ReplayReport, io: Io): Promise<void> {
  const { points, length: _length, peak, ...facts } = report;
  const head = asciiJson({
    ...facts,
    peak: peak === null ? null : { count: peak.count, at: pointJson(peak).at },
  });
  await io.stdout.write(`${head.slice(0, -1)},"points":[`);
  let isFirst = true;
  await printPoints({ points }, io, (point) => {
    const comma = isFirst ? "" : ",";
    isFirst = false;
    return comma + asciiJson(pointJson(point));
  });
  await io.stdout.write("]}\n");
}

/** One sentence: how much was read and what came of it. */
function factsOf({ lines, malformed, late, visitors, peak, windowSeconds }: ReplayReport): string {
  const trouble = [
    ...(malformed === 0 ? [] : [`${grouped(malformed)} malformed`]),
    ...(late === 0 ? [] : [`${grouped(late)} late`]),
  ];
  const read = `${counted(visitors, "visitor")} in ${counted(lines, "line")}`;
  const most =
    peak === null ? "" : `, at most ${grouped(peak.count)} online at ${fullTime(pointJson(peak).at)}`;
  const aside = trouble.length === 0 ? "" : ` (${trouble.join(", ")})`;
  return `${read}${aside}${most}, each online for ${windowSeconds} s after a request`;
}

function pointJson({ atMs, count }: ReplayPoint) {
  return { at: new Date(atMs).toISOString(), count };
}

async function printPoints(
  { points }: Pick<ReplayReport, "points">,
  io: Io,
  print: (point: ReplayPoint) => string,
): Promise<void> {
  let text = "";
  let waiting = 0;
  for (const point of points()) {
    text += print(point);
    waiting += 1;
    if (waiting < CHUNK_POINTS) continue;
    await io.stdout.write(text);
    text = "";
    waiting = 0;
  }
  await io.stdout.write(text);
}
