import uPlot from "uplot";
import type { MarkedPeak } from "./history-series.ts";

/** What the chart needs to know besides its data. */
export interface ChartSetup {
  readonly width: number;
  readonly height: number;
  /** Where colours and fonts come from: the design tokens as this element has them. */
  readonly element: Element;
  /** Where days and their ticks begin, as an IANA name; the browser's own without it. */
  readonly timeZone?: string;
  readonly number: (value: number) => string;
  /** The text of a tick of the time axis; `spanSeconds` lie between two of them. */
  readonly tick: (seconds: number, spanSeconds: number) => string;
  /** The peaks to mark, of which the highest gets its text. */
  readonly marks: () => readonly MarkedPeak[];
  readonly markText: (mark: MarkedPeak) => string;
  /** Told which point the crosshair is on; `null` when it is on none. */
  readonly onPoint: (index: number | null) => void;
}

const LABEL_PX = 12;
const LABEL_CHAR_PX = 7.5;
const TRIANGLE_PX = 5;
/** The axis reaches at least this far, so that a site of one visitor has a scale too. */
const LEAST_TOP = 4;
const STEPS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].flatMap((power) => [1, 2, 5].map((step) => step * 10 ** power));

/** Options for a band from lowest to highest with the last value as a line; from 0, gaps open. */
export function chartOptions(setup: ChartSetup): uPlot.Options {
  const { timeZone } = setup;
  const style = getComputedStyle(setup.element);
  const token = (name: string) => style.getPropertyValue(name).trim();
  const font = `${LABEL_PX}px ${token("--font")}`;
  const accent = token("--accent");
  const axis = { stroke: token("--text-quiet"), font, ticks: { show: false } };
  const edge: uPlot.Series = { stroke: "transparent", points: { show: false } };
  return {
    width: setup.width,
    height: setup.height,
    padding: [24, 8, 0, 0],
    ...(timeZone === undefined ? {} : { tzDate: (at) => uPlot.tzDate(new Date(at * 1000), timeZone) }),
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 7, fill: accent } },
    scales: { y: { range: (_chart, _min, max) => [0, Math.max(LEAST_TOP, max * 1.08)] } },
    axes: [
      {
        ...axis,
        grid: { show: false },
        space: 72,
        size: 32,
        values: (_chart, ticks) => tickTexts(ticks, setup),
      },
      {
        ...axis,
        grid: { stroke: token("--line"), width: 1 },
        incrs: STEPS,
        size: (_chart, values: readonly string[] | null) =>
          16 + LABEL_CHAR_PX * Math.max(2, ...(values ?? []).map(({ length }) => length)),
        values: (_chart, ticks) => ticks.map(setup.number),
      },
    ],
    series: [
      {},
      edge,
      edge,
      { stroke: accent, width: 1.5, points: { show: true, size: 4, fill: accent, filter: lonePoints } },
    ],
    // 20 % of the accent; tokens are #rrggbb.
    bands: [{ series: [1, 2], fill: `${accent}33` }],
    hooks: {
      setCursor: [(chart) => setup.onPoint(chart.cursor.idx ?? null)],
      draw: [(chart) => drawMarks(chart, setup, token("--text"), token("--font"))],
    },
  };
}

function tickTexts(ticks: readonly number[], { tick }: ChartSetup): string[] {
  const [first = 0, second = first] = ticks;
  return ticks.map((seconds) => tick(seconds, second - first));
}

/** Values between two gaps: no line shows them, so they get a point. */
function lonePoints(chart: uPlot, seriesIndex: number): number[] {
  const values = chart.data[seriesIndex] ?? [];
  const isGap = (index: number) => (values[index] ?? null) === null;
  return [...values.keys()].filter((index) => !isGap(index) && isGap(index - 1) && isGap(index + 1));
}

function drawMarks(chart: uPlot, setup: ChartSetup, color: string, family: string): void {
  const { ctx, bbox } = chart;
  const ratio = uPlot.pxRatio;
  const size = TRIANGLE_PX * ratio;
  ctx.save();
  ctx.fillStyle = color;
  ctx.font = `${LABEL_PX * ratio}px ${family}`;
  ctx.textBaseline = "bottom";
  ctx.textAlign = "center";
  for (const [index, mark] of setup.marks().entries()) {
    const x = chart.valToPos(mark.atMs / 1000, "x", true);
    const y = chart.valToPos(mark.count, "y", true) - 2 * ratio;
    ctx.beginPath();
    ctx.moveTo(x, y);
    ctx.lineTo(x - size, y - size);
    ctx.lineTo(x + size, y - size);
    ctx.fill();
    if (index > 0) continue;
    const text = setup.markText(mark);
    const half = ctx.measureText(text).width / 2;
    const middle = Math.min(Math.max(x, bbox.left + half), bbox.left + bbox.width - half);
    ctx.fillText(text, middle, y - size - 2 * ratio);
  }
  ctx.restore();
}
