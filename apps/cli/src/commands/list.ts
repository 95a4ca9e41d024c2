import type { OnlineCount } from "@presence/api-contract";
import type { Invocation } from "../command.ts";
import { EXIT, type ExitCode, usageError } from "../errors.ts";
import { choiceFlag, hasFlag, textFlag, wholeFlag } from "../flags.ts";
import { safeText } from "../output/safe-text.ts";
import { grouped } from "../output/words.ts";
import { createVisitorPrinter } from "../output/visitor-printer.ts";
import { openSource } from "../source/open.ts";

const MAX_LIMIT = 1_000;
const DEFAULT_LIMIT = 50;

/** `presence-cli list` */
export async function runList({ flags, io }: Invocation): Promise<ExitCode> {
  const format = choiceFlag(flags, "format", ["table", "json", "csv", "plain"]);
  const order = choiceFlag(flags, "order", ["recent", "oldest"]);
  const channel = textFlag(flags, "channel") ?? "site";
  const cursor = textFlag(flags, "cursor");
  const hint = "Everybody: --all.";
  const limit = wholeFlag(flags, "limit", { min: 1, max: MAX_LIMIT, hint });
  const isAll = hasFlag(flags, "all");
  if (isAll) {
    if (limit !== undefined || cursor !== undefined) {
      throw usageError("--all lists everybody: leave --limit and --cursor out, or --all.");
    }
    if (order === "recent" && textFlag(flags, "order") !== undefined) {
      throw usageError(
        "--all goes from the oldest sighting on, so that nobody is missed: leave --order out.",
      );
    }
  }
  let nextCursor: string | null = null;
  const source = await openSource(flags, io);
  try {
    const printer = createVisitorPrinter(format);
    if (isAll) {
      for await (const page of source.pages(channel)) await io.stdout.write(printer.page(page));
    } else {
      const page = await source.list({ channel, limit: limit ?? DEFAULT_LIMIT, order, cursor });
      await io.stdout.write(printer.page(page));
      nextCursor = page.nextCursor;
    }
    await io.stdout.write(printer.end(nextCursor));
    if (format === "table") {
      const online = await source.count({ channel, withBots: false });
      await io.stderr.write(footer(printer.visitors(), online, nextCursor));
    }
    return EXIT.done;
  } finally {
    await source.close();
  }
}

function footer(
  listed: number,
  { count, channel, windowSeconds }: OnlineCount,
  nextCursor: string | null,
): string {
  if (listed === 0) return `Nobody has been seen on ${safeText(channel)} within ${windowSeconds} s.\n`;
  const more = nextCursor === null ? "" : ` More: --limit, --all, or --cursor ${safeText(nextCursor)}`;
  return `${grouped(listed)} of ${grouped(count)} online.${more}\n`;
}
