import type { FlagSpec, OperandSpec } from "../command.ts";
import { COMMANDS } from "../specs/commands.ts";
import { WHERE_FLAGS } from "../specs/where.ts";

/** A flag as a shell completes it. */
export interface CompletedFlag {
  readonly name: string;
  readonly describe: string;
  readonly takesValue: boolean;
  /** The values it takes, where they are known. */
  readonly choices: readonly string[];
}

/** What a command takes after its name, as a shell completes it. */
export interface CompletedOperand {
  readonly name: string;
  readonly isMany: boolean;
  /** The words it may be; `"files"` where it names some. */
  readonly values: readonly string[] | "files" | "anything";
}

/** A command as a shell completes it. */
export interface CompletedCommand {
  readonly name: string;
  readonly describe: string;
  readonly flags: readonly CompletedFlag[];
  readonly operand: CompletedOperand | null;
}

const HELP: CompletedFlag = { name: "help", describe: "Show help", takesValue: false, choices: [] };

/** Every command with all of its flags. */
export function completedCommands(): readonly CompletedCommand[] {
  return COMMANDS.map(({ name, describe, flags, operand, isOffline = false }) => ({
    name,
    describe,
    flags: [...[...flags, ...(isOffline ? [] : WHERE_FLAGS)].map(completedFlag), HELP],
    operand: operand === undefined ? null : completedOperand(operand),
  }));
}

function completedFlag({ name, describe, value, choices = [] }: FlagSpec): CompletedFlag {
  return { name, describe, takesValue: value !== undefined || choices.length > 0, choices };
}

function completedOperand({ name, isMany, choices }: OperandSpec): CompletedOperand {
  return { name, isMany, values: choices ?? (name === "file" ? "files" : "anything") };
}
