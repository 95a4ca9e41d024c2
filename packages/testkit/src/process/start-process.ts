import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { childEnvironment, type ChildEnvironment } from "./environment.ts";
import { forgetGroup, reapGroup } from "./reaper.ts";
import { waitUntil } from "./wait-until.ts";

/** How a process ended: an exit code, or the signal that ended it. */
export interface ProcessExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A process that a test started. */
export interface TestProcess {
  readonly pid: number;
  /** All it has written so far. */
  readonly stdout: string;
  readonly stderr: string;
  /** Both, in the order of arrival. */
  readonly output: string;
  /** Settles once, when it has ended and all it wrote has been read. */
  readonly exited: Promise<ProcessExit>;
  readonly isRunning: boolean;
  /** Writes to its standard input. */
  write(text: string): void;
  /** Closes its standard input. */
  endInput(): void;
  signal(signal: NodeJS.Signals): void;
  /** SIGTERM, then waits; what is left after `graceMs` (10,000) gets SIGKILL. */
  stop(graceMs?: number): Promise<ProcessExit>;
  /** SIGKILL for it and what it started. */
  kill(): Promise<ProcessExit>;
}

/** Options of {@link startProcess}. */
export interface ProcessOptions {
  /** Added to this process's environment without the variables of Presence; `undefined` takes one out. */
  readonly env?: ChildEnvironment;
  readonly cwd?: string;
  /** Text in its output, or an answer, that says it is ready. Without it, ready at once. */
  readonly ready?: RegExp | ((started: TestProcess) => boolean | Promise<boolean>);
  /** @default 30000 */
  readonly readyTimeoutMs?: number;
}

/**
 * Starts a process in a group of its own, waits until it is ready, and keeps what it writes. It never outlives
 * this process.
 *
 * @example
 * await using api = await startProcess(process.execPath, ["src/main.ts"], { env: { PORT: "0" }, ready: /listening/ });
 */
export async function startProcess(
  command: string,
  args: readonly string[],
  options: ProcessOptions = {},
): Promise<TestProcess & AsyncDisposable> {
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: childEnvironment(options.env),
    stdio: "pipe",
    detached: true,
  });
  const started = await track(child, command);
  try {
    await whenReady(started, command, options);
  } catch (error) {
    await started.kill();
    throw error;
  }
  return started;
}

async function track(child: ChildProcess, command: string): Promise<TestProcess & AsyncDisposable> {
  const written = { stdout: "", stderr: "", output: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name]?.setEncoding("utf8").on("data", (text: string) => {
      written[name] += text;
      written.output += text;
    });
  }
  // A child that is gone closes its input; the test sees that by its exit, not by our EPIPE.
  child.stdin?.on("error", () => {});
  const closed = once(child, "close");
  closed.catch(() => {});
  if (child.pid === undefined) {
    const [error] = await once(child, "error").catch((reason: unknown) => [reason]);
    throw new Error(`${command} did not start`, { cause: error });
  }
  const pid = child.pid;
  reapGroup(pid);
  let isRunning = true;
  child.once("exit", () => {
    isRunning = false;
    signalGroup(pid, "SIGKILL");
    forgetGroup(pid);
  });
  const exited = closed.then((): ProcessExit => ({ code: child.exitCode, signal: child.signalCode }));
  const kill = (): Promise<ProcessExit> => {
    if (isRunning) signalGroup(pid, "SIGKILL");
    return exited;
  };
  const stop = async (graceMs = 10_000): Promise<ProcessExit> => {
    if (isRunning) child.kill("SIGTERM");
    const late = setTimeout(() => void kill(), graceMs);
    try {
      return await exited;
    } finally {
      clearTimeout(late);
    }
  };
  return {
    pid,
    exited,
    get stdout() {
      return written.stdout;
    },
    get stderr() {
      return written.stderr;
    },
    get output() {
      return written.output;
    },
    get isRunning() {
      return isRunning;
    },
    write: (text) => void child.stdin?.write(text),
    endInput: () => void child.stdin?.end(),
    signal: (signal) => void child.kill(signal),
    stop,
    kill,
    [Symbol.asyncDispose]: async () => void (await stop()),
  };
}

async function whenReady(started: TestProcess, command: string, options: ProcessOptions): Promise<void> {
  const { ready, readyTimeoutMs = 30_000 } = options;
  if (ready === undefined) return;
  let isReady = false;
  await waitUntil(
    async () => {
      // Looked at first: what it wrote before it ended may hold the word all the same.
      const isEnded = !started.isRunning;
      try {
        isReady = ready instanceof RegExp ? ready.test(started.output) : await ready(started);
      } catch (error) {
        if (!isEnded) throw error;
      }
      return isReady || isEnded;
    },
    { timeoutMs: readyTimeoutMs, what: `${command} being ready` },
  ).catch((error: unknown) => {
    throw new Error(`${command} was not ready in time:\n${started.output}`, { cause: error });
  });
  if (!isReady) {
    const { code, signal } = await started.exited;
    throw new Error(`${command} ended (${code ?? signal}) before it was ready:\n${started.output}`);
  }
}

function signalGroup(groupId: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-groupId, signal);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}
