import type { HistoryPoint, HistoryStep } from "@presence/api-contract";
import type { ZonedClock, ZonedTime } from "./zoned-time.ts";

/** How the points of a step are laid out: a row an hour, a day or a month, a slot for each point of it. */
export interface ChartShape {
  /** Points a row may have. */
  readonly slots: number;
  /** Most characters a point is drawn with. */
  readonly maxCellColumns: number;
  /** What the axis says, and above which slot. */
  readonly ticks: readonly { readonly slot: number; readonly text: string }[];
  /** In which row and slot a point is. Rows with the same key are one. */
  place(
    time: ZonedTime,
    atMs: number,
  ): { readonly key: string; readonly label: string; readonly slot: number };
  /** The moment of a point, beside a row's label: `at 09:44`. */
  moment(time: ZonedTime): string;
}

/** One row of a chart. */
export interface ChartRow {
  readonly label: string;
  /** The highest sample of each slot; `null` where nobody sampled. */
  readonly slots: readonly (number | null)[];
  /** The highest point; `null` where nobody sampled. */
  readonly peak: { readonly count: number; readonly atMs: number; readonly slot: number } | null;
}

const SHAPES: Readonly<Record<HistoryStep, ChartShape>> = {
  minute: {
    slots: 60,
    maxCellColumns: 1,
    ticks: [0, 15, 30, 45].map((slot) => ({ slot, text: `:${String(slot).padStart(2, "0")}` })),
    place: ({ month, day, hour, minute }, atMs) => ({
      // By the instant: where clocks go back, the same hour comes twice.
      key: String(atMs - Number(minute) * 60_000),
      label: `${month}-${day} ${hour}:00`,
      slot: Number(minute),
    }),
    moment: ({ hour, minute }) => `at ${hour}:${minute}`,
  },
  hour: {
    slots: 24,
    maxCellColumns: 3,
    ticks: [0, 6, 12, 18].map((slot) => ({ slot, text: `${String(slot).padStart(2, "0")}h` })),
    place: ({ year, month, day, weekday, hour }) => ({
      key: `${year}-${month}-${day}`,
      label: `${weekday} ${month}-${day}`,
      slot: Number(hour),
    }),
    moment: ({ hour, minute }) => `at ${hour}:${minute}`,
  },
  day: {
    slots: 31,
    maxCellColumns: 2,
    ticks: [1, 8, 15, 22, 29].map((day) => ({ slot: day - 1, text: String(day) })),
    place: ({ year, month, day }) => ({
      key: `${year}-${month}`,
      label: `${year}-${month}`,
      slot: Number(day) - 1,
    }),
    moment: ({ year, month, day }) => `on ${year}-${month}-${day}`,
  },
};

/** How the points of `step` are laid out. */
export function shapeOf(step: HistoryStep): ChartShape {
  return SHAPES[step];
}

/** The rows that `points` make, in order. */
export function chartRows(
  points: readonly HistoryPoint[],
  shape: ChartShape,
  clock: ZonedClock,
): readonly ChartRow[] {
  const rows = new Map<string, { label: string; slots: (number | null)[]; peak: ChartRow["peak"] }>();
  for (const { at, max } of points) {
    const atMs = Date.parse(at);
    const { key, label, slot } = shape.place(clock.at(atMs), atMs);
    const row = rows.get(key) ?? { label, slots: Array<number | null>(shape.slots).fill(null), peak: null };
    rows.set(key, row);
    if (max === null) continue;
    row.slots[slot] = Math.max(row.slots[slot] ?? 0, max);
    if (row.peak === null || max > row.peak.count) row.peak = { count: max, atMs, slot };
  }
  return [...rows.values()];
}
