import { createLineSplitter } from "./line-splitter.ts";
import { createLogLine, type LogLine } from "./log-line.ts";
import { parseLine } from "./parse-line.ts";

/** How many lines of which kind have been read. */
export interface LogCounts {
  /** All lines, blank and malformed ones included. */
  lines: number;
  /** Lines that are no log line, or whose client is no address. */
  malformed: number;
}

/** Reads a log's bytes as they come. */
export interface LogReader {
  push(chunk: Buffer): void;
  /** The log ends here: what is left without a line end is a line too. */
  end(): void;
  /** The log went away in the middle of a line: it is no line. */
  reset(): void;
}

/**
 * @param onLine Called for each good line; it holds until the call returns.
 * @param counts Counted on; several readers may share it.
 */
export function createLogReader(onLine: (line: LogLine) => void, counts: LogCounts): LogReader {
  const line = createLogLine();
  const splitter = createLineSplitter(
    (bytes, start, end) => {
      counts.lines += 1;
      if (isBlank(bytes, start, end)) return;
      if (parseLine(bytes, start, end, line)) onLine(line);
      else counts.malformed += 1;
    },
    () => {
      counts.lines += 1;
      counts.malformed += 1;
    },
  );
  return {
    push: (chunk) => splitter.push(chunk),
    end: () => splitter.end(),
    reset: () => splitter.reset(),
  };
}

function isBlank(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) {
    if (bytes[at] !== 0x20 && bytes[at] !== 0x09) return false;
  }
  return true;
}
