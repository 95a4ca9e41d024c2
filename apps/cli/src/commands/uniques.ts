import type { Uniques } from "@presence/api-contract";
import type { Invocation } from "../command.ts";
import { EXIT, type ExitCode } from "../errors.ts";
import { choiceFlag, textFlag, wholeFlag } from "../flags.ts";
import { bar } from "../output/bar.ts";
import { csvRow } from "../output/csv.ts";
import { jsonLine } from "../output/json.ts";
import { safeText } from "../output/safe-text.ts";
import { renderTable } from "../output/table.ts";
import { grouped } from "../output/words.ts";
import { openOperations } from "../source/open-operations.ts";

const MAX_DAYS = 400;
const DEFAULT_DAYS = 7;
const BAR_COLUMNS = 32;

/** `presence-cli uniques` */
export async function runUniques({ flags, io }: Invocation): Promise<ExitCode> {
  const format = choiceFlag(flags, "format", ["table", "json", "csv"]);
  const days = wholeFlag(flags, "days", { min: 1, max: MAX_DAYS }) ?? DEFAULT_DAYS;
  const channel = textFlag(flags, "channel") ?? "site";
  const source = await openOperations(flags, io);
  try {
    const answer = await source.uniques({ channel, days });
    await io.stdout.write(render(answer, format));
    if (format === "table") await io.stderr.write(footer(answer));
    return EXIT.done;
  } finally {
    await source.close();
  }
}

function render(answer: Uniques, format: "table" | "json" | "csv"): string {
  switch (format) {
    case "json":
      return jsonLine(answer);
    case "csv":
      return (
        csvRow(["day", "visitors"]) +
        answer.days.map(({ day, visitors }) => csvRow([day, visitors ?? ""])).join("")
      );
    case "table":
      return isKnown(answer) ? table(answer) : "";
  }
}

function table({ days }: Uniques): string {
  const most = Math.max(...days.map(({ visitors }) => visitors ?? 0));
  const columns = [{ title: "Day" }, { title: "Visitors", align: "right" }, { title: "" }] as const;
  return renderTable(
    columns,
    days.map(({ day, visitors }) =>
      visitors === null ? [day, "-", ""] : [day, grouped(visitors), bar(visitors, most, BAR_COLUMNS)],
    ),
  );
}

function footer(answer: Uniques): string {
  const { channel, timeZone, errorPercent, days } = answer;
  if (!isKnown(answer)) {
    return `No different visitors of ${safeText(channel)} are known: those of the channels in PRESENCE_HISTORY_CHANNELS are counted.\n`;
  }
  const unknown = days.some(({ visitors }) => visitors === null) ? " -: nobody counted." : "";
  const error = errorPercent === 0 ? "exact" : `each within ${errorPercent} %`;
  return `Different visitors of ${safeText(channel)}, ${error}; days of ${timeZone}, the last one so far.${unknown}\n`;
}

function isKnown({ days }: Uniques): boolean {
  return days.some(({ visitors }) => visitors !== null);
}
