import { join } from "node:path";
import { startProcess } from "@presence/testkit";
import { ROOT } from "./repository.ts";

/** What a program said and how it ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where and how a program runs. */
export interface RunOptions {
  readonly cwd?: string;
  /** Added to this process's environment without the variables of Presence; `undefined` takes one out. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** Runs a program to its end, with nothing to read. */
export async function run(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Ended> {
  const started = await startProcess(command, args, options);
  started.endInput();
  const { code } = await started.exited;
  return { code, stdout: started.stdout, stderr: started.stderr };
}

/** Runs a JavaScript program that the repository installs, such as `oxlint/bin/oxlint`, in some folder. */
export function runTool(program: string, args: readonly string[], cwd: string): Promise<Ended> {
  return run(process.execPath, [join(ROOT, "node_modules", program), ...args], { cwd });
}
