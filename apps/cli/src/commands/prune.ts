import type { PruneAnswer } from "@presence/api-contract";
import type { Invocation } from "../command.ts";
import { EXIT, type ExitCode, usageError } from "../errors.ts";
import { choiceFlag, hasFlag, textFlag, wholeFlag } from "../flags.ts";
import type { Io } from "../io.ts";
import { askYesNo, canAsk } from "../output/ask.ts";
import { jsonLine } from "../output/json.ts";
import { startProgress } from "../output/progress.ts";
import { safeText } from "../output/safe-text.ts";
import { counted, duration, grouped } from "../output/words.ts";
import { openSource } from "../source/open.ts";
import type { PresenceSource, PruneQuestion } from "../source/source.ts";

const MAX_BATCH = 1_000;
const MAX_SECONDS = 31_536_000;

/** `presence-cli prune` */
export async function runPrune({ flags, io }: Invocation): Promise<ExitCode> {
  const format = choiceFlag(flags, "format", ["table", "json", "plain"]);
  const olderThanSeconds = wholeFlag(flags, "older-than", { min: 1, max: MAX_SECONDS });
  const batch = wholeFlag(flags, "batch", { min: 1, max: MAX_BATCH });
  const channel = textFlag(flags, "channel") ?? "site";
  const dryRun = hasFlag(flags, "dry-run");
  const source = await openSource(flags, io);
  try {
    const isRisky = olderThanSeconds !== undefined && !dryRun && !hasFlag(flags, "yes");
    if (isRisky && !(await isMeant(source, io, { channel, olderThanSeconds }))) {
      await io.stderr.write("Nothing was removed.\n");
      return EXIT.failed;
    }
    const outcome = await prune(source, io, { channel, olderThanSeconds, batch, dryRun });
    await io.stdout.write(await render(outcome, { format, source, channel, dryRun }));
    return EXIT.done;
  } finally {
    await source.close();
  }
}

/** Whether who is online is to be removed: a person says so, or `--yes`. */
async function isMeant(
  source: PresenceSource,
  io: Io,
  { channel, olderThanSeconds }: { readonly channel: string; readonly olderThanSeconds: number },
): Promise<boolean> {
  const windowSeconds = await source.windowSeconds(channel);
  if (olderThanSeconds >= windowSeconds) return true;
  const what = `--older-than ${olderThanSeconds} is below the window of ${windowSeconds} s: it removes who is online`;
  if (!canAsk(io)) throw usageError(`${what}. Add --yes if that is meant.`);
  return askYesNo(io, `${what} on ${safeText(channel)}. Is that meant?`);
}

/** What a prune did, and in how many steps. */
interface Outcome {
  readonly answer: PruneAnswer;
  /** `null` where the source does not tell batches apart. */
  readonly batches: { readonly count: number; readonly longestMs: number } | null;
}

async function prune(
  source: PresenceSource,
  io: Io,
  question: Omit<PruneQuestion, "onProgress">,
): Promise<Outcome> {
  const progress = startProgress(io, { title: `Pruning ${safeText(question.channel)}` });
  let count = 0;
  let longestMs = 0;
  let hasBatches = true;
  const answer = await source.prune({
    ...question,
    onProgress({ removed, remaining, batchMs }) {
      count += 1;
      hasBatches &&= batchMs !== null;
      longestMs = Math.max(longestMs, batchMs ?? 0);
      progress.update({ done: removed, total: removed + remaining });
    },
  });
  await progress.clear();
  return { answer, batches: hasBatches ? { count, longestMs } : null };
}

interface RenderOptions {
  readonly format: "table" | "json" | "plain";
  readonly source: PresenceSource;
  readonly channel: string;
  readonly dryRun: boolean;
}

async function render({ answer, batches }: Outcome, options: RenderOptions): Promise<string> {
  const { format, source, channel, dryRun } = options;
  if (format === "json") return jsonLine(answer);
  if (format === "plain") return `${answer.removed}\n`;
  const { removed, invalid, elapsedMs } = answer;
  const { count } = await source.count({ channel, withBots: false });
  const ofFuture = invalid === 0 ? "" : `, ${grouped(invalid)} of them with a time in the future`;
  const visitors = counted(removed, "expired visitor");
  if (dryRun) return `Would remove ${visitors}${ofFuture}. ${grouped(count)} online.\n`;
  const steps =
    batches === null
      ? ""
      : `, ${counted(batches.count, "batch", "batches")}, longest ${batches.longestMs.toFixed(1)} ms`;
  return `Removed ${visitors}${ofFuture} in ${duration(elapsedMs)}${steps}. ${grouped(count)} online.\n`;
}
