import type { Invocation } from "../command.ts";
import { EXIT, type ExitCode, usageError } from "../errors.ts";
import { choiceFlag, textFlag } from "../flags.ts";
import { jsonLine } from "../output/json.ts";
import { originalText, safeText } from "../output/safe-text.ts";
import { counted, grouped } from "../output/words.ts";
import { openSource } from "../source/open.ts";

/** Most visitors of one question. */
const MAX_VISITORS = 1_000;

/** Longest text of a visitor that another writer may have left. */
const MAX_TEXT_LENGTH = 1_024;

/** `presence-cli forget` */
export async function runForget({ flags, io }: Invocation): Promise<ExitCode> {
  const format = choiceFlag(flags, "format", ["table", "json", "plain"]);
  const channel = textFlag(flags, "channel") ?? "site";
  for (const visitor of flags.operands) {
    if (visitor.length < 1 || visitor.length > MAX_TEXT_LENGTH) {
      throw usageError(`A visitor has 1 to ${MAX_TEXT_LENGTH} characters, as presence-cli list shows them.`);
    }
  }
  // As the list shows them, or as they are: whichever of the two is meant is the one that is there.
  const visitors = [...new Set(flags.operands.flatMap((text) => [text, originalText(text)]))];
  const source = await openSource(flags, io);
  try {
    let forgotten = 0;
    for (let at = 0; at < visitors.length; at += MAX_VISITORS) {
      forgotten += (await source.forget(visitors.slice(at, at + MAX_VISITORS), channel)).forgotten;
    }
    const asked = new Set(flags.operands).size;
    const said = `Forgot ${grouped(forgotten)} of ${counted(asked, "visitor")} on ${safeText(channel)}.\n`;
    await io.stdout.write(
      format === "json" ? jsonLine({ forgotten }) : format === "plain" ? `${forgotten}\n` : said,
    );
    return EXIT.done;
  } finally {
    await source.close();
  }
}
