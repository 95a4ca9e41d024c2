import type { TrailPoint } from "../composables/use-online.ts";

/** Where and how large the trail is drawn. */
export interface TrailFrame {
  readonly nowMs: number;
  readonly lengthMs: number;
  readonly width: number;
  readonly height: number;
}

/** The trail as SVG path data, and its extremes; `null` where nothing was known in all of its time. */
export interface TrailPaths {
  readonly line: string;
  readonly area: string;
  readonly min: number | null;
  readonly max: number | null;
}

/** Room above the highest value, as a share of the height, so that its line is not cut. */
const HEADROOM = 0.08;

/**
 * Draws steps that each hold until the next, over the last `lengthMs`. The ground is 0; where the number was
 * not known there is no line.
 */
export function trailPaths(points: readonly TrailPoint[], frame: TrailFrame): TrailPaths {
  const { nowMs, lengthMs, width, height } = frame;
  const startMs = nowMs - lengthMs;
  const spans = points.flatMap(({ atMs, count }, index) => {
    const endMs = points[index + 1]?.atMs ?? nowMs;
    return count === null || endMs <= startMs ? [] : [{ fromMs: Math.max(atMs, startMs), endMs, count }];
  });
  if (spans.length === 0) return { line: "", area: "", min: null, max: null };

  const counts = spans.map(({ count }) => count);
  const max = Math.max(...counts);
  const x = (atMs: number) => round(((Math.min(atMs, nowMs) - startMs) / lengthMs) * width);
  const y = (count: number) => round(height - (max === 0 ? 0 : (count / max) * height * (1 - HEADROOM)));

  let line = "";
  let area = "";
  let previousEndMs = Number.NaN;
  for (const { fromMs, endMs, count } of spans) {
    const begin = fromMs === previousEndMs ? `V${y(count)}` : `M${x(fromMs)} ${y(count)}`;
    line += `${begin}H${x(endMs)}`;
    area += `M${x(fromMs)} ${height}V${y(count)}H${x(endMs)}V${height}Z`;
    previousEndMs = endMs;
  }
  return { line, area, min: Math.min(...counts), max };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
