import type { RecordTally } from "../record/tally.ts";
import { safeText } from "./safe-text.ts";
import { counted, grouped } from "./words.ts";

/** What was given: one, and many of it. */
export type Noun = readonly [one: string, many: string];

/** What was recorded, in a sentence. */
export function recordSentence({ recorded, lines }: RecordTally, noun: Noun, channel: string): string {
  return `Recorded ${grouped(recorded)} of ${counted(lines, ...noun)} on ${safeText(channel)}.\n`;
}

/** What became of the others, a sentence each, malformed ones apart. */
export function recordWarnings(tally: RecordTally, reasons: readonly string[], [one, many]: Noun): string[] {
  const { expired, future, ignored, refused, recorded } = tally;
  const hint = recorded === 0 ? " To count them as of now: --at now." : "";
  const said = [
    [expired, `older than the window, so that nobody of them is online.${hint}`],
    [future, "ahead of the store's clock by more than 5 s: one of the clocks is wrong, or a time zone."],
    [ignored, "of clients that are not counted: PRESENCE_IGNORE and PRESENCE_BOTS say which."],
    [refused, `refused: ${reasons.join(", ")}.`],
  ] as const;
  return said
    .filter(([lines]) => lines > 0)
    .map(([lines, what]) => `${counted(lines, `${one} is`, `${many} are`)} ${what}`);
}
