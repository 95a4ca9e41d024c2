import type { ExitCode } from "./errors.ts";
import type { Flags } from "./flags.ts";
import type { Io } from "./io.ts";

/** What a command is run with. */
export interface Invocation {
  readonly flags: Flags;
  readonly io: Io;
}

/** Runs a command to its end. What it throws becomes a message and an exit code in `main.ts`. */
export type RunCommand = (invocation: Invocation) => Promise<ExitCode>;

/** One flag of a command, as its help shows it. */
export interface FlagSpec {
  readonly name: string;
  readonly describe: string;
  /** What stands for the value in the help: `<seconds>`; none for a flag that is only there or not. */
  readonly value?: string;
  /** The values it takes, for the help and the completion. */
  readonly choices?: readonly string[];
  /** What is meant where it is left out, as the help shows it. */
  readonly fallback?: string;
}

/** What a command takes after its name. */
export interface OperandSpec {
  readonly name: string;
  readonly describe: string;
  readonly isRequired: boolean;
  readonly isMany: boolean;
  /** The words it may be, for the completion; without them, files. */
  readonly choices?: readonly string[];
}

/** One command: what its help says, and where its code is. */
export interface CommandSpec {
  readonly name: string;
  /** What it takes after its name; without it, nothing. */
  readonly operand?: OperandSpec;
  readonly describe: string;
  readonly flags: readonly FlagSpec[];
  /** It asks nobody: it has no flags that say where. @default false */
  readonly isOffline?: boolean;
  /** Command lines and what they do. */
  readonly examples: readonly (readonly [line: string, what: string])[];
  /** Loads its code, which no other command needs. */
  readonly load: () => Promise<RunCommand>;
}
