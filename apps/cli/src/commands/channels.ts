import type { Channels } from "@presence/api-contract";
import type { Invocation } from "../command.ts";
import { EXIT, type ExitCode, usageError } from "../errors.ts";
import { choiceFlag, textFlag, wholeFlag } from "../flags.ts";
import { csvRow } from "../output/csv.ts";
import { jsonLine } from "../output/json.ts";
import { safeText } from "../output/safe-text.ts";
import { renderTable } from "../output/table.ts";
import { counted, duration, fullTime, grouped } from "../output/words.ts";
import { openOperations } from "../source/open-operations.ts";

const MAX_LIMIT = 1_000;
const DEFAULT_LIMIT = 100;

/** `presence-cli channels` */
export async function runChannels({ flags, io }: Invocation): Promise<ExitCode> {
  const format = choiceFlag(flags, "format", ["table", "json", "csv", "plain"]);
  const limit = wholeFlag(flags, "limit", { min: 1, max: MAX_LIMIT }) ?? DEFAULT_LIMIT;
  const only = textFlag(flags, "channel");
  const prefix = textFlag(flags, "prefix");
  if (only !== undefined && prefix !== undefined) {
    throw usageError("--channel is one channel, --prefix are many: leave one of them out.");
  }
  const source = await openOperations(flags, io);
  try {
    const answer = await source.channels({ only, prefix, limit });
    await io.stdout.write(render(answer, format));
    if (format === "table") await io.stderr.write(footer(answer));
    return EXIT.done;
  } finally {
    await source.close();
  }
}

function render(answer: Channels, format: "table" | "json" | "csv" | "plain"): string {
  const { channels } = answer;
  switch (format) {
    case "json":
      return jsonLine(answer);
    case "csv": {
      const rows = channels.map(({ channel, count, bots, lastWrite }) =>
        csvRow([channel, count, bots ?? "", lastWrite]),
      );
      return csvRow(["channel", "count", "bots", "lastWrite"]) + rows.join("");
    }
    case "plain":
      return channels.map(({ channel }) => `${safeText(channel)}\n`).join("");
    case "table":
      return channels.length === 0 ? "" : table(answer);
  }
}

function table({ channels, asOf }: Channels): string {
  const hasBots = channels.some(({ bots }) => bots !== undefined);
  const right = "right";
  const columns = [
    { title: "Channel" },
    { title: "Online", align: right },
    ...(hasBots ? [{ title: "Bots", align: right } as const] : []),
    { title: "Last write" },
    { title: "Ago", align: right },
  ] as const;
  const rows = channels.map(({ channel, count, bots, lastWrite }) => [
    safeText(channel),
    grouped(count),
    ...(hasBots ? [bots === undefined ? "" : grouped(bots)] : []),
    fullTime(lastWrite),
    duration(Math.max(0, Date.parse(asOf) - Date.parse(lastWrite))),
  ]);
  return renderTable(columns, rows);
}

function footer({ channels, total, windowSeconds, complete }: Channels): string {
  if (total === 0) return "No such channel is live: nobody was seen there lately.\n";
  const more = channels.length < total ? " More: --limit, or --prefix." : "";
  const incomplete = complete
    ? ""
    : " Incomplete: not all of the window was recorded, so the numbers may be too low.";
  const shown = `${grouped(channels.length)} of ${counted(total, "live channel")}`;
  return `${shown}; online is who was seen within ${windowSeconds} s.${more}${incomplete}\n`;
}
