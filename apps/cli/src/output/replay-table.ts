import { bar } from "./bar.ts";
import type { ReplayReport } from "./replay-report.ts";
import { renderTable } from "./table.ts";
import { grouped } from "./words.ts";

/** Rows a reader can still take in. */
const MAX_ROWS = 48;
const BAR_COLUMNS = 24;

/** Lengths of a row that people think in, in seconds. */
const SPANS = [1, 5, 10, 30, 60, 300, 900, 1_800, 3_600, 10_800, 21_600, 43_200, 86_400, 604_800, 2_592_000];

interface Row {
  readonly fromMs: number;
  max: number;
  sum: number;
  points: number;
}

/** The points of a replay in a screenful of rows, each with the most and the mean of its time. */
export function replayTable({ points, length, stepSeconds, peak }: ReplayReport): string {
  if (peak === null) return "";
  const spanMs = spanOf(length, stepSeconds) * 1_000;
  const rows: Row[] = [];
  for (const { atMs, count } of points()) {
    const fromMs = Math.floor(atMs / spanMs) * spanMs;
    let row = rows.at(-1);
    if (row?.fromMs !== fromMs) {
      row = { fromMs, max: 0, sum: 0, points: 0 };
      rows.push(row);
    }
    row.max = Math.max(row.max, count);
    row.sum += count;
    row.points += 1;
  }
  const right = "right";
  const columns = [
    { title: "From (UTC)" },
    { title: "Most", align: right },
    { title: "Mean", align: right },
    { title: "" },
  ] as const;
  return renderTable(
    columns,
    rows.map(({ fromMs, max, sum, points: number }) => [
      timeText(fromMs, spanMs),
      grouped(max),
      (sum / number).toFixed(1),
      bar(max, peak.count, BAR_COLUMNS),
    ]),
  );
}

function spanOf(length: number, stepSeconds: number): number {
  const fitting = SPANS.find((span) => span >= stepSeconds && (length * stepSeconds) / span <= MAX_ROWS);
  return fitting ?? Math.ceil((length * stepSeconds) / MAX_ROWS / 86_400) * 86_400;
}

function timeText(atMs: number, spanMs: number): string {
  const text = new Date(atMs).toISOString();
  if (spanMs % 86_400_000 === 0) return text.slice(0, 10);
  return text.slice(0, spanMs % 60_000 === 0 ? 16 : 19).replace("T", " ");
}
