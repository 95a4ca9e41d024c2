import type { Readable } from "node:stream";

/** One of the two streams a command writes to. */
export interface Output {
  readonly isTerminal: boolean;
  /** Columns of the terminal; 80 where it is none. */
  readonly columns: number;
  /** Whether colours and other escape sequences may be written. */
  readonly hasColors: boolean;
  /**
   * Resolves when the stream takes more.
   *
   * @throws {OutputClosedError} when its reader has gone.
   */
  write(text: string): Promise<void>;
}

/** Everything a command has from outside. */
export interface Io {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: Readable & { readonly isTTY?: boolean };
  /** Data. */
  readonly stdout: Output;
  /** Words a person reads. */
  readonly stderr: Output;
  /** This machine's wall clock, in epoch milliseconds. */
  readonly nowMs: () => number;
  /**
   * Aborted by the first SIGINT or SIGTERM from the call on, so that a command that runs until it is told to
   * end can end in order; the second one ends the process.
   */
  readonly interrupted: () => AbortSignal;
}
