import { setFlagsFromString } from "node:v8";
import { createLogReader } from "../access-log/log-reader.ts";
import { openLog } from "../access-log/open-log.ts";
import type { Invocation } from "../command.ts";
import { readConfig } from "../config.ts";
import { CliError, EXIT, type ExitCode } from "../errors.ts";
import { choiceFlag, hasFlag, wholeFlag } from "../flags.ts";
import type { Io } from "../io.ts";
import { startProgress } from "../output/progress.ts";
import { printReplay, type ReplayReport } from "../output/replay-report.ts";
import { counted, grouped } from "../output/words.ts";
import { createReplay, type Replay } from "../replay/replay.ts";

const MAX_SECONDS = 86_400;

/** Two months of seconds, ten years of minutes: what lies beyond is a wrong date in the log, or a wrong step. */
const MAX_POINTS = 5_500_000;

/** `presence-cli replay` */
export async function runReplay({ flags, io }: Invocation): Promise<ExitCode> {
  const format = choiceFlag(flags, "format", ["table", "json", "csv"]);
  const windowSeconds = wholeFlag(flags, "window", { min: 1, max: MAX_SECONDS }) ?? 60;
  const stepSeconds = wholeFlag(flags, "step", { min: 1, max: MAX_SECONDS }) ?? 60;
  const isSorting = hasFlag(flags, "sort");
  const { identity = "ip", ipv6Prefix = 64 } = readConfig(io.env);
  const replay = createReplay({
    windowSeconds,
    stepSeconds,
    anyOrder: isSorting,
    visitors: { isMasked: identity === "masked", ipv6Prefix },
  });
  const [path = "-"] = flags.operands;
  const { lines, malformed } = await readAll(path, replay, io);
  if (replay.length() > MAX_POINTS) throw tooLong(replay.length());

  const late = replay.late();
  const report: ReplayReport = {
    lines,
    malformed,
    late,
    visitors: replay.visitors(),
    windowSeconds,
    stepSeconds,
    identity,
    ipv6Prefix,
    peak: peakOf(replay),
    points: () => replay.points(),
    length: replay.length(),
  };
  await printReplay(report, format, io);
  if (late > 0) {
    await io.stderr.write(
      `${counted(late, "line")} came more than 10 minutes late and ${late === 1 ? "is" : "are"} in no number: add --sort.\n`,
    );
  }
  return late > 0 ? EXIT.failed : EXIT.done;
}

async function readAll(path: string, replay: Replay, io: Io) {
  // Little of what a line leaves behind outlives it: a larger young generation would only take memory.
  setFlagsFromString("--semi-space-growth-factor=1");
  const log = await openLog(path, io.stdin, { isAlone: true });
  const counts = { lines: 0, malformed: 0 };
  const reader = createLogReader((line) => replay.see(line), counts);
  const progress = startProgress(io, { title: "Reading", unit: "B/s" });
  try {
    for await (const chunk of log.chunks) {
      reader.push(chunk);
      if (log.bytes !== null) progress.update({ done: log.bytesRead(), total: log.bytes });
    }
    reader.end();
  } finally {
    await progress.clear();
    await log.close();
  }
  return counts;
}

function peakOf(replay: Replay): ReplayReport["peak"] {
  let peak: ReplayReport["peak"] = null;
  for (const point of replay.points()) if (peak === null || point.count > peak.count) peak = point;
  return peak;
}

function tooLong(points: number): CliError {
  return new CliError(
    EXIT.failed,
    `The log's times span ${grouped(points)} points, more than ${grouped(MAX_POINTS)}: take a longer --step, or look for a line with a wrong date.`,
  );
}
