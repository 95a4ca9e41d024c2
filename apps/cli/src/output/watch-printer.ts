import type { Io } from "../io.ts";
import type { CountView } from "../watch/view.ts";
import { jsonLine } from "./json.ts";
import { safeText } from "./safe-text.ts";
import { duration, fullTime, grouped, timeOfDay } from "./words.ts";

/** Shows a number as it changes. */
export interface WatchPrinter {
  show(view: CountView): Promise<void>;
  /** Leaves the cursor where the next one expects it. */
  end(): Promise<void>;
}

/** Options of {@link createWatchPrinter}. */
export interface WatchPrinterOptions {
  readonly format: "table" | "json";
  readonly channel: string;
  readonly everySeconds: number;
}

/** One line that is always the latest on a terminal; elsewhere, and as JSON, a line for each change. */
export function createWatchPrinter(io: Io, options: WatchPrinterOptions): WatchPrinter {
  return options.format === "table" && io.stdout.isTerminal
    ? liveLine(io, options)
    : lineAChange(io, options);
}

function liveLine({ stdout }: Io, options: WatchPrinterOptions): WatchPrinter {
  let shown = "";
  return {
    async show(view) {
      // Never wider than the terminal: a line that wraps cannot be written over.
      const line = liveText(view, options).slice(0, stdout.columns - 1);
      if (line === shown) return;
      await stdout.write(`\r${line.padEnd(shown.length)}`);
      shown = line;
    },
    async end() {
      if (shown !== "") await stdout.write("\n");
    },
  };
}

function lineAChange({ stdout, nowMs }: Io, { format, channel }: WatchPrinterOptions): WatchPrinter {
  let shown = "";
  return {
    async show(view) {
      const key = keyOf(view);
      if (key === shown) return;
      shown = key;
      const at = new Date(nowMs()).toISOString();
      await stdout.write(
        format === "json" ? viewJson(view, channel, at) : `${viewLine(view, channel, at)}\n`,
      );
    },
    async end() {},
  };
}

/** What makes a line worth printing: not that time has passed. */
function keyOf(view: CountView): string {
  if (view.kind === "unavailable") return view.kind;
  const { count, stale, complete, bots } = view.count;
  return JSON.stringify([count, stale, complete, bots]);
}

function viewJson(view: CountView, channel: string, at: string): string {
  return jsonLine(
    view.kind === "count" ? view.count : { channel, count: null, asOf: at, unavailable: view.reason },
  );
}

function viewLine(view: CountView, channel: string, at: string): string {
  if (view.kind === "unavailable") {
    return `${fullTime(at)}  no number of ${safeText(channel)}: unavailable, retrying (${safeText(view.reason)})`;
  }
  const { count, asOf, stale, complete, ageMs } = view.count;
  const doubt = stale ? `, stale: ${duration(ageMs)} old` : complete ? "" : ", incomplete: it may be too low";
  return `${fullTime(asOf)}  ${grouped(count)} online on ${safeText(channel)}${doubt}`;
}

function liveText(view: CountView, { channel, everySeconds }: WatchPrinterOptions): string {
  if (view.kind === "unavailable") {
    return `- online on ${safeText(channel)}   unavailable, retrying: ${safeText(view.reason)}`;
  }
  const { count, asOf, stale, complete, ageMs } = view.count;
  const number = `${grouped(count)} online on ${safeText(channel)}`;
  if (stale) return `${number}   ${duration(ageMs)} old, retrying`;
  const how = view.how === "live" ? "live" : `every ${everySeconds} s`;
  return `${number}   ${how}, as of ${timeOfDay(asOf)}${complete ? "" : ", incomplete: it may be too low"}`;
}
