import { followLog } from "../access-log/follow-log.ts";
import { createLogReader } from "../access-log/log-reader.ts";
import { openLog } from "../access-log/open-log.ts";
import type { Io } from "../io.ts";
import { startProgress } from "../output/progress.ts";
import { safeText } from "../output/safe-text.ts";
import type { Destination } from "./destination.ts";
import { createLineRecorder } from "./line-recorder.ts";
import type { Tally } from "./tally.ts";

/** Silence of standard input after which what it said is sent, in milliseconds. */
const SILENCE_MS = 100;

/** Options of {@link recordLog} and {@link recordGrowingLog}. */
export interface RecordLogOptions {
  /** `-` is standard input. */
  readonly path: string;
  /** Whether a line counts by its own time, or as it is read. */
  readonly at: "line" | "now";
  readonly destination: Destination;
  readonly tally: Tally;
  readonly io: Io;
  /** Ends the reading. */
  readonly signal: AbortSignal;
  /** How long to wait for a store that is away, in milliseconds. */
  readonly patienceMs: number;
}

/** Records a log to its end. */
export async function recordLog(options: RecordLogOptions): Promise<void> {
  const { path, io, tally, signal } = options;
  const log = await openLog(path, io.stdin);
  const lines = createLineRecorder(options);
  const reader = createLogReader(lines.see, tally.read);
  const progress = startProgress(io, { title: "Recording", unit: "B/s" });
  try {
    for await (const chunk of untilAborted(log.chunks, signal)) {
      if (chunk === "silence") await lines.send();
      else {
        reader.push(chunk);
        await lines.keepUp();
      }
      if (log.bytes !== null) progress.update({ done: log.bytesRead(), total: log.bytes });
    }
    if (!signal.aborted) reader.end();
    await lines.send();
  } finally {
    await progress.clear();
    await log.close();
  }
}

/** Records a log as it grows, until it is told to end. */
export async function recordGrowingLog(options: RecordLogOptions): Promise<void> {
  const { path, at, io, tally, signal } = options;
  const lines = createLineRecorder(options);
  const events = followLog(path, {
    createReader: () => createLogReader(lines.see, tally.read),
    // What was written before has no time of its own to be counted by.
    fromEnd: at === "now",
    signal,
    steadyMs: () => performance.now(),
  });
  for await (const event of events) {
    if (event === "read") await lines.send();
    else await io.stderr.write(`${safeText(path)} ${WORDS[event]}\n`);
  }
}

const WORDS = {
  begun: "is being followed.",
  missing: "is not there: waiting for it.",
  there: "is there.",
  rotated: "is another file now: going on with it.",
  truncated: "was truncated: going on from its beginning.",
} as const;

/** What comes until the signal, and "silence" where nothing comes for a while: standard input may be live. */
async function* untilAborted(
  chunks: AsyncIterable<Buffer>,
  signal: AbortSignal,
): AsyncGenerator<Buffer | "silence"> {
  const iterator = chunks[Symbol.asyncIterator]();
  let next = iterator.next();
  let wake = (): void => {};
  const onAbort = (): void => wake();
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    while (!signal.aborted) {
      const woken = Promise.withResolvers<IteratorResult<Buffer> | "silence">();
      wake = () => woken.resolve("silence");
      const timer = setTimeout(wake, SILENCE_MS);
      next.then(woken.resolve, woken.reject);
      const result = await woken.promise.finally(() => clearTimeout(timer));
      if (result !== "silence" && result.done === true) return;
      yield result === "silence" ? result : result.value;
      if (result !== "silence") next = iterator.next();
    }
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
