import type { HistoryAnswer } from "@presence/api-contract";
import { type ChartRow, chartRows, type ChartShape, shapeOf } from "./history-rows.ts";
import { safeText } from "./safe-text.ts";
import { grouped } from "./words.ts";
import { createZonedClock, type ZonedClock } from "./zoned-time.ts";

const BLOCKS = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];

/** What was sampled and found empty, beside the open gap of what nobody sampled. */
const NOBODY = "·";

/** Between a label, its blocks and the number behind them. */
const GAP = "  ";

/** Narrower than this no chart can be read. */
const MIN_COLUMNS = 28;

/** Where things are on a line, in columns. */
interface Layout {
  readonly columns: number;
  /** Where the blocks begin. */
  readonly from: number;
  readonly numberColumns: number;
  readonly slotsPerCell: number;
  readonly cellColumns: number;
}

/**
 * A row of blocks an hour, a day or a month, each as high as the highest sample of its time, the highest of all
 * marked, and what nobody sampled left open. Never wider than `columns`.
 */
export function historyChart(answer: HistoryAnswer, columns: number): string {
  const clock = createZonedClock(answer.timeZone);
  const shape = shapeOf(answer.step);
  const rows = chartRows(answer.points, shape, clock);
  const layout = layoutOf(rows, shape, Math.max(MIN_COLUMNS, columns));
  const peak = rows.reduce<ChartRow["peak"]>(
    (best, row) => (row.peak !== null && row.peak.count > (best?.count ?? -1) ? row.peak : best),
    null,
  );
  const lines = [...titleLines(answer, clock, layout), axisLine(shape, layout)];
  for (const row of rows) {
    lines.push(rowLine(row, layout, peak?.count ?? 0));
    if (peak !== null && row.peak === peak) lines.push(peakLine(peak, { shape, layout, clock }));
  }
  return lines.map((line) => `${line.trimEnd()}\n`).join("");
}

function layoutOf(rows: readonly ChartRow[], { slots, maxCellColumns }: ChartShape, columns: number): Layout {
  const from = Math.max(...rows.map(({ label }) => label.length)) + GAP.length;
  const numberColumns = Math.max(...rows.map(({ peak }) => grouped(peak?.count ?? 0).length));
  const room = Math.max(1, columns - from - GAP.length - numberColumns);
  const cellColumns = Math.max(1, Math.min(maxCellColumns, Math.floor(room / slots)));
  let slotsPerCell = 1;
  while (Math.ceil(slots / slotsPerCell) * cellColumns > room) slotsPerCell += 1;
  return { columns, from, numberColumns, slotsPerCell, cellColumns };
}

function columnOf(slot: number, { from, slotsPerCell, cellColumns }: Layout): number {
  return from + Math.floor(slot / slotsPerCell) * cellColumns;
}

/** What the chart shows, over as many lines as it takes. */
function titleLines(
  { channel, step, from, to, timeZone }: HistoryAnswer,
  clock: ZonedClock,
  { columns }: Layout,
): readonly string[] {
  const time = (instant: string): string => clock.dateAndTime(Date.parse(instant)).slice(0, 16);
  const zone = clock.timeZone === timeZone ? "" : `, for ${safeText(timeZone)} is not known here`;
  const what = `${safeText(channel)}, the most online in each ${step},`;
  const words = `${what} ${time(from)} to ${time(to)} (${clock.timeZone}${zone})`.split(" ");
  const lines = [""];
  for (const word of words) {
    const last = lines.at(-1) ?? "";
    const longer = last === "" ? word.slice(0, columns) : `${last} ${word}`;
    if (longer.length <= columns) lines[lines.length - 1] = longer;
    else lines.push(word.slice(0, columns));
  }
  return lines;
}

function axisLine({ ticks }: ChartShape, layout: Layout): string {
  let line = "";
  for (const { slot, text } of ticks) {
    const at = columnOf(slot, layout);
    // One that would run into the one before it, or off the edge, is left out.
    if ((line === "" || at > line.length) && at + text.length <= layout.columns)
      line = line.padEnd(at) + text;
  }
  return line;
}

function rowLine({ label, slots, peak }: ChartRow, layout: Layout, highest: number): string {
  const { from, slotsPerCell, cellColumns, numberColumns } = layout;
  let line = label.padEnd(from);
  for (let at = 0; at < slots.length; at += slotsPerCell) {
    const known = slots.slice(at, at + slotsPerCell).filter((value) => value !== null);
    line += (known.length === 0 ? " " : block(Math.max(...known), highest)).repeat(cellColumns);
  }
  return peak === null ? line : line + GAP + grouped(peak.count).padStart(numberColumns);
}

function block(value: number, highest: number): string {
  if (value === 0) return NOBODY;
  return BLOCKS[Math.ceil((value / highest) * BLOCKS.length) - 1] ?? NOBODY;
}

/** The mark under the highest block, with its number and moment on the side that has room for it. */
function peakLine(
  { count, atMs, slot }: NonNullable<ChartRow["peak"]>,
  {
    shape,
    layout,
    clock,
  }: { readonly shape: ChartShape; readonly layout: Layout; readonly clock: ZonedClock },
): string {
  const at = columnOf(slot, layout);
  const words = `peak ${grouped(count)} ${shape.moment(clock.at(atMs))}`;
  if (at + 2 + words.length <= layout.columns) return `${" ".repeat(at)}▲ ${words}`;
  const before = at - words.length - 1;
  return before >= 0 ? `${" ".repeat(before)}${words} ▲` : `${" ".repeat(at)}▲`;
}
