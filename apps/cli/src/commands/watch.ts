import type { Invocation } from "../command.ts";
import { EXIT, type ExitCode } from "../errors.ts";
import { choiceFlag, textFlag, wholeFlag } from "../flags.ts";
import { createWatchPrinter } from "../output/watch-printer.ts";
import { openFeed } from "../watch/open-feed.ts";
import { createViewer } from "../watch/view.ts";
import { withTicks } from "../watch/with-ticks.ts";

const MAX_EVERY_SECONDS = 60;
const DEFAULT_EVERY_SECONDS = 5;

/** How often an age is told anew, in milliseconds. */
const TICK_MS = 1_000;

/** `presence-cli watch` */
export async function runWatch({ flags, io }: Invocation): Promise<ExitCode> {
  const format = choiceFlag(flags, "format", ["table", "json"]);
  const everySeconds = wholeFlag(flags, "every", { min: 1, max: MAX_EVERY_SECONDS }) ?? DEFAULT_EVERY_SECONDS;
  const channel = textFlag(flags, "channel") ?? "site";
  const ended = new AbortController();
  const signal = AbortSignal.any([io.interrupted(), ended.signal]);
  const feed = await openFeed(flags, io, { channel, everyMs: everySeconds * 1_000 });
  const printer = createWatchPrinter(io, { format, channel, everySeconds });
  const viewer = createViewer();
  try {
    for await (const update of withTicks(feed.updates(signal), TICK_MS)) {
      if (update !== null) viewer.take(update, performance.now());
      const view = viewer.at(performance.now());
      if (view === null) continue;
      await printer.show(view).catch((error: unknown) => {
        // A feed that waits for its next count is left only once it is told to end.
        ended.abort();
        throw error;
      });
    }
    await printer.end();
    return EXIT.done;
  } finally {
    await feed.close();
  }
}
