import { PassThrough, type Readable } from "node:stream";
import type { Io, Output } from "../../src/io.ts";

/** What a terminal or a pipe is to the command, and what it had from it. */
export interface TestIoOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** What is typed or piped in. */
  readonly input?: string | Buffer;
  /** Whether all three streams are a terminal. @default false */
  readonly isTerminal?: boolean;
  /** @default 80 */
  readonly columns?: number;
  readonly nowMs?: () => number;
  readonly interrupted?: AbortSignal;
}

/** An {@link Io} that keeps what is written. */
export interface TestIo extends Io {
  readonly written: { readonly stdout: string; readonly stderr: string };
}

/** Streams of this process's own: nothing is really printed. */
export function testIo(options: TestIoOptions = {}): TestIo {
  const { env = {}, input, isTerminal = false, columns = 80, nowMs = () => Date.now() } = options;
  const written = { stdout: "", stderr: "" };
  const stdin: Readable & { isTTY?: boolean } = new PassThrough().end(input ?? "");
  stdin.isTTY = isTerminal;
  const output = (name: "stdout" | "stderr"): Output => ({
    isTerminal,
    columns,
    hasColors: isTerminal,
    async write(text) {
      written[name] += text;
    },
  });
  return {
    env,
    stdin,
    stdout: output("stdout"),
    stderr: output("stderr"),
    nowMs,
    interrupted: () => options.interrupted ?? new AbortController().signal,
    written,
  };
}
