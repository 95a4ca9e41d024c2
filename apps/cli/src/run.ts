import { runCli } from "./cli.ts";
import type { ExitCode } from "./errors.ts";
import type { Io } from "./io.ts";
import { OutputClosedError } from "./output/stream-output.ts";

/** Runs a command line to its end; whatever goes wrong becomes a line on stderr and an exit code. */
export async function run(argv: readonly string[], io: Io): Promise<ExitCode> {
  try {
    return await runCli(argv, io);
  } catch (error) {
    // Who has read enough has closed the pipe.
    if (error instanceof OutputClosedError) return 0;
    const { failureOf } = await import("./failure.ts");
    const { exitCode, message } = failureOf(error);
    try {
      await io.stderr.write(`presence-cli: ${message}\n`);
    } catch {
      // Nobody reads it: the exit code still tells.
    }
    return exitCode;
  }
}
