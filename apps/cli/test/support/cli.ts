import { join } from "node:path";
import { type ChildEnvironment, startProcess, type TestProcess } from "@presence/testkit";
import { run } from "../../src/run.ts";
import { testIo, type TestIoOptions } from "./io.ts";

const MAIN = join(import.meta.dirname, "../../src/main.ts");

/** How a command line ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line in this process, as `main.ts` would. */
export async function cli(args: readonly string[], options: TestIoOptions = {}): Promise<Ended> {
  const io = testIo(options);
  const code = await run(args, io);
  return { code, ...io.written };
}

/** Options of {@link cliProcess}. */
export interface CliProcessOptions {
  readonly env?: ChildEnvironment;
  readonly cwd?: string;
  /** What is piped in. */
  readonly input?: string;
}

/** Runs a command line as a program of its own, to its end. */
export async function cliProcess(args: readonly string[], options: CliProcessOptions = {}): Promise<Ended> {
  await using started = await startCli(args, options);
  started.write(options.input ?? "");
  started.endInput();
  const { code } = await started.exited;
  return { code, stdout: started.stdout, stderr: started.stderr };
}

/** Starts a command line as a program of its own. */
export function startCli(
  args: readonly string[],
  { env = {}, cwd, ready }: CliProcessOptions & { readonly ready?: RegExp } = {},
): Promise<TestProcess & AsyncDisposable> {
  return startProcess(process.execPath, ["--conditions=@presence/source", MAIN, ...args], {
    env,
    ...(cwd === undefined ? {} : { cwd }),
    ...(ready === undefined ? {} : { ready }),
  });
}
