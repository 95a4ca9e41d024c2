import { basename } from "node:path";
import type { Invocation } from "../command.ts";
import { bashCompletion } from "../completion/bash.ts";
import { fishCompletion } from "../completion/fish.ts";
import { completedCommands, type CompletedCommand } from "../completion/words.ts";
import { zshCompletion } from "../completion/zsh.ts";
import { EXIT, type ExitCode, usageError } from "../errors.ts";
import { listed, quoted } from "../flags.ts";

const SCRIPTS: Readonly<Record<string, (commands: readonly CompletedCommand[]) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

/** `presence-cli completion` */
export async function runCompletion({ flags, io }: Invocation): Promise<ExitCode> {
  const [named] = flags.operands;
  const shell = named ?? basename(io.env["SHELL"] ?? "");
  const script = Object.hasOwn(SCRIPTS, shell) ? SCRIPTS[shell] : undefined;
  if (script === undefined) {
    const shells = listed(Object.keys(SCRIPTS));
    throw usageError(
      named === undefined
        ? `completion cannot tell the shell from SHELL: name ${shells}.`
        : `completion is for ${shells}, not ${quoted(named)}.`,
    );
  }
  await io.stdout.write(script(completedCommands()));
  return EXIT.done;
}
