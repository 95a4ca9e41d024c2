import type { Io, Output } from "../io.ts";
import { duration, grouped } from "./words.ts";

/** How far something has come. */
export interface Progress {
  readonly done: number;
  readonly total: number;
}

/** A line that says how far something has come, on a terminal; nothing elsewhere. */
export interface ProgressBar {
  update(progress: Progress): void;
  /** Takes the line away. */
  clear(): Promise<void>;
}

/** Columns of the bar where there is room for it, and the fewest that say something. */
const BAR_COLUMNS = 28;
const MIN_BAR_COLUMNS = 8;

/** Time between two pictures, in milliseconds: quicker is flicker. */
const REDRAW_MS = 80;

/** Time before the first picture: what is done by then needs none. */
const FIRST_MS = 150;

const ERASE_LINE = "\r\x1b[2K";
const NOT_A_TERMINAL: ProgressBar = { update() {}, async clear() {} };

/** Options of {@link startProgress}. */
export interface ProgressOptions {
  /** What is being done: `Pruning site`. */
  readonly title: string;
  /** Unit of the speed, after the number: `/s`, ` lines/s`. @default "/s" */
  readonly unit?: string;
}

/** Begins a progress line on stderr: `Pruning site  ████░░  71 %  712,000 / 1,000,000  610k/s  0.5 s left`. */
export function startProgress({ stderr }: Pick<Io, "stderr">, options: ProgressOptions): ProgressBar {
  if (!stderr.isTerminal) return NOT_A_TERMINAL;
  const startedMs = performance.now();
  let drawnMs = startedMs + FIRST_MS - REDRAW_MS;
  let isDrawn = false;
  return {
    update(progress) {
      const nowMs = performance.now();
      if (nowMs - drawnMs < REDRAW_MS) return;
      drawnMs = nowMs;
      isDrawn = true;
      draw(stderr, progressLine(options, progress, nowMs - startedMs, stderr.columns - 1));
    },
    async clear() {
      if (isDrawn) await stderr.write(ERASE_LINE);
    },
  };
}

/** The text of the line after `elapsedMs`, its bar as long as `columns` allow. */
export function progressLine(
  { title, unit = "/s" }: ProgressOptions,
  { done, total }: Progress,
  elapsedMs: number,
  columns: number,
): string {
  const share = total === 0 ? 1 : Math.min(1, done / total);
  const perSecond = elapsedMs === 0 ? 0 : (done / elapsedMs) * 1_000;
  const left = perSecond === 0 ? "" : `  ${duration(((total - done) / perSecond) * 1_000)} left`;
  const percent = String(Math.floor(share * 100)).padStart(3);
  const numbers = `${percent} %  ${grouped(done)} / ${grouped(total)}  ${short(perSecond)}${unit}${left}`;
  const room = columns - title.length - numbers.length - 3;
  const barColumns = Math.max(MIN_BAR_COLUMNS, Math.min(BAR_COLUMNS, room));
  const full = Math.round(share * barColumns);
  return `${title}  ${"█".repeat(full)}${"░".repeat(barColumns - full)} ${numbers}`;
}

/** A speed in three digits or so: `610k`, `1.2M`. */
export function short(value: number): string {
  if (value >= 999_500) return `${(value / 1_000_000).toFixed(1)}M`;
  return value >= 1_000 ? `${Math.round(value / 1_000)}k` : String(Math.round(value));
}

function draw(stderr: Output, line: string): void {
  // Never wider than the terminal: a wrapped line cannot be taken away.
  void stderr.write(`\r${line.slice(0, stderr.columns - 1)}\x1b[K`).catch(() => {});
}
