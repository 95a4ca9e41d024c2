import { spreadOf, valuesOf, type VariantResult } from "./figures.ts";

const WIDTH = 720;
const LABEL_WIDTH = 270;
const ROW_HEIGHT = 34;
const TOP = 44;

/** What a plot shows. */
export interface PlotOptions {
  readonly title: string;
  readonly results: readonly VariantResult[];
  readonly figure: string;
}

/** One bar a variant: the median, with a line from the least to the most. As SVG, readable on light and dark. */
export function barPlot({ title, results, figure }: PlotOptions): string {
  const bars = results
    .filter(({ rounds }) => rounds.some((round) => round[figure] !== undefined))
    .map((result) => ({ name: result.variant, ...spreadOf(valuesOf(result, figure)) }));
  const most = Math.max(...bars.map(({ max }) => max));
  const scale = (value: number): number => (value / most) * (WIDTH - LABEL_WIDTH - 110);
  const rows = bars.map(({ name, median, min, max }, row) => {
    const y = TOP + row * ROW_HEIGHT;
    const middle = y + 11;
    return [
      text(LABEL_WIDTH - 10, middle + 4, name, 'text-anchor="end"'),
      `<rect x="${LABEL_WIDTH}" y="${y}" width="${number(scale(median))}" height="22" rx="3" fill="#2563eb"/>`,
      `<path d="M${number(LABEL_WIDTH + scale(min))} ${middle}H${number(LABEL_WIDTH + scale(max))}" stroke="#f59e0b" stroke-width="3"/>`,
      text(LABEL_WIDTH + scale(max) + 8, middle + 4, readable(median)),
    ].join("");
  });
  return document(TOP + bars.length * ROW_HEIGHT + 10, title, figure, rows);
}

/** Options of {@link linePlot}. */
export interface LinePlotOptions extends PlotOptions {
  /** The figure of the horizontal axis. */
  readonly over: string;
}

const PLOT_HEIGHT = 340;
const LABEL_HEIGHT = 16;
const COLOURS = ["#2563eb", "#d97706", "#059669", "#db2777", "#7c3aed", "#64748b"];

/** How a figure grows with another, both on logarithmic axes; one line a variant, one point a round. */
export function linePlot({ title, results, figure, over }: LinePlotOptions): string {
  const lines = results.map(({ variant, rounds }) => ({
    variant,
    points: rounds.map((round) => ({ x: round[over] ?? Number.NaN, y: round[figure] ?? Number.NaN })),
  }));
  const points = lines.flatMap((line) => line.points);
  const [xs, ys] = [axis(points.map(({ x }) => x)), axis(points.map(({ y }) => y))];
  const left = 90;
  const right = WIDTH - 170;
  const bottom = TOP + PLOT_HEIGHT - 60;
  const toX = (value: number): number => left + xs.place(value) * (right - left);
  const toY = (value: number): number => bottom - ys.place(value) * (bottom - TOP);
  const grid = [
    ...xs.decades.map((value) =>
      [
        `<path d="M${number(toX(value))} ${TOP}V${bottom}" stroke="#94a3b8" stroke-opacity=".3"/>`,
        text(toX(value), bottom + 18, readable(value), 'text-anchor="middle"'),
      ].join(""),
    ),
    ...ys.decades.map((value) =>
      [
        `<path d="M${left} ${number(toY(value))}H${right}" stroke="#94a3b8" stroke-opacity=".3"/>`,
        text(left - 8, toY(value) + 4, readable(value), 'text-anchor="end"'),
      ].join(""),
    ),
    text((left + right) / 2, bottom + 40, over, 'text-anchor="middle"'),
  ];
  const labelYs = spread(lines.map((line) => toY(line.points.at(-1)?.y ?? 0) + 4));
  const drawn = lines.map((line, index) => {
    const colour = COLOURS[index % COLOURS.length] ?? "#2563eb";
    const path = line.points.map(({ x, y }) => `${number(toX(x))} ${number(toY(y))}`).join("L");
    const label = text(right + 10, labelYs[index] ?? 0, line.variant);
    return `<path d="M${path}" fill="none" stroke="${colour}" stroke-width="2"/>${label}`;
  });
  return document(TOP + PLOT_HEIGHT, title, figure, [...grid, ...drawn]);
}

/** The heights of labels, moved down where they would cover one another. */
function spread(heights: readonly number[]): readonly number[] {
  const spaced = [...heights];
  const fromTop = [...heights.keys()].toSorted((a, b) => (heights[a] ?? 0) - (heights[b] ?? 0));
  let free = Number.NEGATIVE_INFINITY;
  for (const index of fromTop) {
    spaced[index] = Math.max(heights[index] ?? 0, free);
    free = (spaced[index] ?? 0) + LABEL_HEIGHT;
  }
  return spaced;
}

/** Whole powers of ten around some values. */
function axis(values: readonly number[]) {
  const positive = values.filter((value) => value > 0);
  const low = Math.floor(Math.log10(Math.min(...positive)));
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...positive))));
  return {
    decades: Array.from({ length: high - low + 1 }, (_, step) => 10 ** (low + step)),
    place: (value: number): number => (Math.log10(Math.max(value, 10 ** low)) - low) / (high - low),
  };
}

function document(height: number, title: string, figure: string, rows: readonly string[]): string {
  const style = "font:13px system-ui,sans-serif;fill:#64748b";
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escape(title)}"><g style="${style}"><text x="10" y="22" style="font-weight:600">${escape(title)}: ${escape(figure)}</text>${rows.join("")}</g></svg>\n`;
}

function text(x: number, y: number, content: string, more = ""): string {
  return `<text x="${number(x)}" y="${number(y)}" ${more}>${escape(content)}</text>`;
}

/** Three significant digits, thousands as `k`. */
export function readable(value: number): string {
  if (value >= 999_500) return `${significant(value / 1e6)}M`;
  return value >= 1_000 ? `${significant(value / 1e3)}k` : significant(value);
}

function significant(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function number(value: number): string {
  return value.toFixed(1);
}

function escape(content: string): string {
  return content.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
