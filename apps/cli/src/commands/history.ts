import type { HistoryAnswer, HistoryStep } from "@presence/api-contract";
import { createDayCalendar, finestStep, MAX_POINTS } from "@presence/history";
import type { Invocation } from "../command.ts";
import { EXIT, type ExitCode, usageError } from "../errors.ts";
import { choiceFlag, optionalChoiceFlag, textFlag } from "../flags.ts";
import { csvRow } from "../output/csv.ts";
import { historyChart } from "../output/history-chart.ts";
import { jsonLine } from "../output/json.ts";
import { safeText } from "../output/safe-text.ts";
import { grouped } from "../output/words.ts";
import { parseSince } from "../since.ts";
import { openHistory } from "../source/open-history.ts";

/** `presence-cli history` */
export async function runHistory({ flags, io }: Invocation): Promise<ExitCode> {
  const format = choiceFlag(flags, "format", ["table", "json", "csv"]);
  const toMs = io.nowMs();
  const since = textFlag(flags, "since") ?? "24h";
  const fromMs = parseSince(since, toMs);
  const step = chooseStep(optionalChoiceFlag(flags, "step", ["minute", "hour", "day"]), {
    since,
    fromMs,
    toMs,
  });
  const channel = textFlag(flags, "channel") ?? "site";
  const source = await openHistory(flags, io, "History");
  try {
    const answer = await source.history({ channel, fromMs, toMs, step });
    const isKnown = answer.points.some(({ max }) => max !== null);
    if (format === "json") await io.stdout.write(jsonLine(answer));
    else if (format === "csv") await io.stdout.write(csvOf(answer));
    else if (isKnown) await io.stdout.write(historyChart(answer, io.stdout.columns));
    if (format === "table" && !isKnown) await io.stderr.write(nothingKnown(answer));
    return EXIT.done;
  } finally {
    await source.close();
  }
}

interface AskedSpan {
  readonly since: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** The step asked for, else the finest that fits. @throws {CliError} that names a coarser one. */
function chooseStep(asked: HistoryStep | undefined, { since, fromMs, toMs }: AskedSpan): HistoryStep {
  const finest = finestStep({ fromMs, toMs }, createDayCalendar("UTC"));
  const steps: readonly HistoryStep[] = ["minute", "hour", "day"];
  if (asked === undefined || steps.indexOf(asked) >= steps.indexOf(finest)) return asked ?? finest;
  throw usageError(
    `--since ${since} has more than ${grouped(MAX_POINTS)} ${asked}s: take --step ${finest}, or a shorter --since.`,
  );
}

function csvOf({ points }: HistoryAnswer): string {
  const rows = points.map(({ at, min, max, last }) => csvRow([at, min ?? "", max ?? "", last ?? ""]));
  return csvRow(["at", "min", "max", "last"]) + rows.join("");
}

function nothingKnown({ channel, from }: HistoryAnswer): string {
  return `Nothing was sampled of ${safeText(channel)} since ${from}: the first point appears within 10 s of a complete count, for the channels in PRESENCE_HISTORY_CHANNELS.\n`;
}
