import type { Peak, PeakReset, Peaks, PeakScope } from "@presence/api-contract";
import { MAX_REASON_LENGTH, PEAK_SCOPES } from "@presence/history";
import type { Invocation } from "../command.ts";
import { EXIT, type ExitCode, usageError } from "../errors.ts";
import { choiceFlag, type Flags, hasFlag, optionalChoiceFlag, textFlag } from "../flags.ts";
import type { Io } from "../io.ts";
import { askYesNo, canAsk } from "../output/ask.ts";
import { csvRow } from "../output/csv.ts";
import { jsonLine } from "../output/json.ts";
import { safeText } from "../output/safe-text.ts";
import { renderTable } from "../output/table.ts";
import { grouped } from "../output/words.ts";
import { createZonedClock } from "../output/zoned-time.ts";
import type { PeakToReset } from "../source/history.ts";
import { openHistory } from "../source/open-history.ts";

const SCOPE_WORDS: Readonly<Record<PeakScope, string>> = {
  today: "today",
  last7Days: "last 7 days",
  allTime: "all time",
};

/** `presence-cli peaks` */
export async function runPeaks({ flags, io }: Invocation): Promise<ExitCode> {
  const format = choiceFlag(flags, "format", ["table", "json", "csv"]);
  const channel = textFlag(flags, "channel") ?? "site";
  const reset = resetOf(flags, channel);
  const source = await openHistory(flags, io, "The peak");
  try {
    if (reset !== null && !hasFlag(flags, "yes") && !(await isMeant(reset, io))) {
      await io.stderr.write("No peak was reset.\n");
      return EXIT.failed;
    }
    const answer = await (reset === null ? source.peaks(channel) : source.resetPeak(reset));
    await io.stdout.write(render(answer, format));
    if (format === "table") await io.stderr.write(wordsOf(answer));
    return EXIT.done;
  } finally {
    await source.close();
  }
}

/** The peak to begin anew, `null` where there is none. @throws {CliError} where the reason is missing or too long. */
function resetOf(flags: Flags, channel: string): PeakToReset | null {
  const scope = optionalChoiceFlag(flags, "reset", PEAK_SCOPES);
  const reason = textFlag(flags, "reason")?.trim();
  if (scope === undefined) {
    if (reason === undefined) return null;
    throw usageError(
      "--reason is the reason of a reset: name the peak with --reset today, last7Days or allTime.",
    );
  }
  if (reason === undefined) {
    throw usageError(
      '--reset needs the reason, which is kept beside the new record: --reason "a load test".',
    );
  }
  if (reason.length < 1 || reason.length > MAX_REASON_LENGTH || /\p{Cc}/u.test(reason)) {
    throw usageError(`--reason must be 1 to ${MAX_REASON_LENGTH} characters on one line.`);
  }
  return { channel, scope, reason };
}

/** A reset cannot be taken back: a person says yes, or `--yes`. */
async function isMeant({ scope, channel }: PeakToReset, io: Io): Promise<boolean> {
  const what = `--reset ${scope} begins that peak of ${safeText(channel)} anew, which cannot be taken back`;
  if (!canAsk(io)) throw usageError(`${what}. Add --yes if that is meant.`);
  return askYesNo(io, `${what}. Is that meant?`);
}

function render(answer: Peaks, format: "table" | "json" | "csv"): string {
  switch (format) {
    case "json":
      return jsonLine(answer);
    case "csv":
      return (
        csvRow(["scope", "count", "at"]) +
        PEAK_SCOPES.map((scope) => csvRow([scope, answer[scope]?.count ?? "", answer[scope]?.at ?? ""])).join(
          "",
        )
      );
    case "table":
      return table(answer);
  }
}

function table(answer: Peaks): string {
  const clock = createZonedClock(answer.timeZone);
  const columns = [
    { title: "Peak" },
    { title: "Online", align: "right" },
    { title: `When (${clock.timeZone})` },
  ] as const;
  const cells = (peak: Peak | null): string[] =>
    peak === null ? ["-", ""] : [grouped(peak.count), clock.dateAndTime(Date.parse(peak.at))];
  return renderTable(
    columns,
    PEAK_SCOPES.map((scope) => [SCOPE_WORDS[scope], ...cells(answer[scope])]),
  );
}

function wordsOf({ channel, resets, timeZone, ...peaks }: Peaks): string {
  const clock = createZonedClock(timeZone);
  const isEmpty = PEAK_SCOPES.every((scope) => peaks[scope] === null);
  const nothing = isEmpty
    ? `Nothing was sampled of ${safeText(channel)} yet: the first sample comes within 10 s of a complete count.\n`
    : "";
  const words = ({ scope, at, reason, previous }: PeakReset): string => {
    const before = previous === null ? "there was none before" : `it was ${grouped(previous.count)} before`;
    return `${SCOPE_WORDS[scope]}: reset ${clock.dateAndTime(Date.parse(at))}, ${before} (${safeText(reason)})\n`;
  };
  return nothing + resets.map(words).join("");
}
