import { platform } from "node:os";
import { join } from "node:path";
import { type ChildEnvironment, startProcess, type TestProcess } from "@presence/testkit";

const MAIN = join(import.meta.dirname, "../../src/main.ts");

/**
 * Starts a command line on a pseudo terminal of its own, by the system's `script`. All that the terminal would
 * show is its stdout; what is written to it is typed.
 */
export function startTerminal(
  args: readonly string[],
  { env = {}, ready }: { readonly env?: ChildEnvironment; readonly ready?: RegExp } = {},
): Promise<TestProcess & AsyncDisposable> {
  const command = [process.execPath, "--conditions=@presence/source", MAIN, ...args];
  const scriptArgs =
    platform() === "linux"
      ? // Not every shell makes room for its last command, and one that stays would die of the Ctrl-C as well.
        ["--quiet", "--return", "--command", `exec ${command.map(shellQuoted).join(" ")}`, "/dev/null"]
      : ["-q", "/dev/null", ...command];
  return startProcess("script", scriptArgs, {
    env: { TERM: "xterm", ...env },
    ...(ready === undefined ? {} : { ready }),
  });
}

function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
