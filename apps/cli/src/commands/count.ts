import type { OnlineCount } from "@presence/api-contract";
import type { Invocation } from "../command.ts";
import { EXIT, type ExitCode } from "../errors.ts";
import { choiceFlag, hasFlag, textFlag, wholeFlag } from "../flags.ts";
import { jsonLine } from "../output/json.ts";
import { safeText } from "../output/safe-text.ts";
import { counted, duration, grouped, timeOfDay } from "../output/words.ts";
import { openSource } from "../source/open.ts";

const MAX_WINDOW_SECONDS = 86_400;

/** `presence-cli count` */
export async function runCount({ flags, io }: Invocation): Promise<ExitCode> {
  const format = choiceFlag(flags, "format", ["table", "json", "plain"]);
  const windowSeconds = wholeFlag(flags, "window", { min: 1, max: MAX_WINDOW_SECONDS });
  const channel = textFlag(flags, "channel") ?? "site";
  const withBots = hasFlag(flags, "bots");
  const source = await openSource(flags, io);
  try {
    const count = await source.count({ channel, windowSeconds, withBots });
    await io.stdout.write(render(count, format, source.name));
    if (format !== "json") {
      for (const warning of warningsOf(count)) await io.stderr.write(`${warning}\n`);
      if (withBots && count.bots === undefined) await io.stderr.write(`${NO_BOTS}\n`);
    }
    return count.stale && hasFlag(flags, "fail-stale") ? EXIT.stale : EXIT.done;
  } finally {
    await source.close();
  }
}

const NO_BOTS = "Bots are not counted apart there: PRESENCE_BOTS=separate does it.";

function render(count: OnlineCount, format: "table" | "json" | "plain", sourceName: string): string {
  switch (format) {
    case "json":
      return jsonLine(count);
    case "plain":
      return `${count.count}\n`;
    case "table": {
      const bots = count.bots === undefined ? "" : `, and ${counted(count.bots, "bot")}`;
      const asOf = `as of ${timeOfDay(count.asOf)} (${sourceName}, ${grouped(count.ageMs)} ms ago)`;
      return (
        `${grouped(count.count)} online on ${safeText(count.channel)}${bots}\n` +
        `last seen within ${count.windowSeconds} s, ${asOf}\n`
      );
    }
  }
}

/** What a reader of the bare number must know. */
export function warningsOf({ stale, complete, ageMs, since, asOf, windowSeconds }: OnlineCount): string[] {
  if (stale) return [`stale: the store is away, this is the number of ${duration(ageMs)} ago`];
  if (complete) return [];
  if (since === null) return ["incomplete: nobody records there just now, so the number may be too low"];
  const recordedMs = Date.parse(asOf) - Date.parse(since);
  if (recordedMs >= windowSeconds * 1_000)
    return ["incomplete: the store's clock has jumped, the number may be off"];
  return [
    `incomplete: recording began ${duration(recordedMs)} ago, less than the window, so the number may be too low`,
  ];
}
