import yargs, { type Argv } from "yargs";
import type { CommandSpec, FlagSpec } from "./command.ts";
import { EXIT, type ExitCode, usageError } from "./errors.ts";
import { type Flags, quoted } from "./flags.ts";
import type { Io } from "./io.ts";
import { suggestion } from "./nearest.ts";
import { COMMANDS } from "./specs/commands.ts";
import { WHERE_FLAGS } from "./specs/where.ts";
import { readVersion } from "./version.ts";

const PROGRAM = "presence-cli";

/** The library's messages in the words of all the others. */
const WORDS = { "Not enough arguments following: %s": "--%s needs a value." };

/** Longest line of a help text; longer ones are hard to read. */
const HELP_COLUMNS = 100;

/**
 * Reads the command line and runs the command it names.
 *
 * @param argv What follows the program's name.
 * @param commands Those there are.
 * @throws whatever the command throws, and a `CliError` for a command line that is none.
 */
export async function runCli(
  argv: readonly string[],
  io: Io,
  commands: readonly CommandSpec[] = COMMANDS,
): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.done;
  let parser: Argv = yargs([])
    .scriptName(PROGRAM)
    .locale("en")
    .usage("Who is online right now.\n\nUsage: $0 <command> [options]")
    .parserConfiguration({
      "boolean-negation": false,
      "camel-case-expansion": false,
      "dot-notation": false,
      "parse-numbers": false,
      "parse-positional-numbers": false,
      "strip-aliased": true,
      "unknown-options-as-args": false,
    })
    .updateStrings(WORDS)
    .help("help")
    .alias("help", "h")
    .version(readVersion())
    .group(["help", "version"], "Always:")
    .wrap(Math.min(io.stdout.columns, HELP_COLUMNS))
    .exitProcess(false)
    .fail((message: string, error: Error | undefined) => {
      throw error === undefined || error.name === "YError"
        ? usageError(`${message}${helpHint(argv)}`, error)
        : error;
    })
    .epilogue(`${PROGRAM} <command> --help says all of a command, with examples.`);

  for (const spec of commands) {
    parser = parser.command(
      // Its operands are read below: the library would take "-" for an option without a name.
      spec.name,
      spec.describe,
      (command) => describeCommand(command, spec),
      async (parsed) => {
        refuseValues(spec, argv);
        const flags = readFlags(spec, parsed);
        const run = await spec.load();
        exitCode = await run({ flags, io });
      },
    );
  }
  parser = parser.command("$0", false, {}, async (parsed) => {
    exitCode = await withoutCommand(parsed._.map(String), parser, io);
  });

  let printed = "";
  await parser.parseAsync([...argv], {}, (_error: unknown, _parsed: unknown, output: string) => {
    printed = output;
  });
  if (printed !== "") await io.stdout.write(`${printed}\n`);
  return exitCode;
}

function describeCommand(command: Argv, spec: CommandSpec): Argv {
  let described = command
    .usage(`${spec.describe}.\n\nUsage: $0 ${invocationOf(spec)} [options]${operandHelp(spec)}`)
    .epilogue("");
  for (const flag of flagsOf(spec)) {
    const taken = takenValue(flag);
    described = described.option(flag.name, {
      describe: taken === null ? flag.describe : `${taken}  ${flag.describe}`,
      group: spec.flags.includes(flag) ? "Options:" : "Where to ask:",
      ...(taken === null ? { boolean: true } : { nargs: 1 }),
      ...(flag.fallback === undefined ? {} : { defaultDescription: flag.fallback }),
    });
  }
  for (const [line, what] of spec.examples) described = described.example(`$0 ${line}`, what);
  return described;
}

/** A command and its operand, in the notation of yargs: `forget <visitor..>`. */
function invocationOf({ name, operand }: CommandSpec): string {
  if (operand === undefined) return name;
  const dots = operand.isMany ? ".." : "";
  return operand.isRequired ? `${name} <${operand.name}${dots}>` : `${name} [${operand.name}${dots}]`;
}

function operandHelp({ operand }: CommandSpec): string {
  return operand === undefined ? "" : `\n\n  ${operand.name}  ${operand.describe}`;
}

function flagsOf(spec: CommandSpec): readonly FlagSpec[] {
  return spec.isOffline === true ? spec.flags : [...spec.flags, ...WHERE_FLAGS];
}

/** What stands for a flag's value in the help; `null` for a flag that takes none. */
function takenValue({ value, choices }: FlagSpec): string | null {
  return value ?? (choices === undefined ? null : `<${choices.join("|")}>`);
}

/** Refuses `--dry-run=yes`, which the library would take for `--dry-run=false`. */
function refuseValues(spec: CommandSpec, argv: readonly string[]): void {
  for (const word of argv) {
    if (word === "--") return;
    const name = /^--([^=]+)=/.exec(word)?.[1];
    const flag = flagsOf(spec).find((candidate) => candidate.name === name);
    if (flag !== undefined && takenValue(flag) === null) throw usageError(`--${name} takes no value.`);
  }
}

/** What yargs found, as {@link Flags}; what the command does not know is refused. */
function readFlags(spec: CommandSpec, parsed: Readonly<Record<string, unknown>>): Flags {
  const known = flagsOf(spec);
  const values: Record<string, string | boolean> = {};
  for (const [name, value] of Object.entries(parsed)) {
    if (name === "_" || name === "$0") continue;
    const flag = known.find((candidate) => candidate.name === name);
    if (flag === undefined) throw unknownFlag(spec, name);
    if (Array.isArray(value)) throw usageError(`--${name} is given ${value.length} times: give it once.`);
    if (typeof value === "string" || typeof value === "boolean") values[name] = value;
  }
  return { operands: readOperands(spec, parsed), values };
}

function readOperands({ name, operand }: CommandSpec, parsed: Readonly<Record<string, unknown>>): string[] {
  const [, ...words] = [parsed["_"] ?? []].flat();
  const operands = words.map(String);
  const surplus =
    operand === undefined ? operands[0] : operands[operand.isMany ? Number.POSITIVE_INFINITY : 1];
  if (surplus !== undefined)
    throw usageError(`${name} takes no argument ${quoted(surplus)}.${helpHint([name])}`);
  if (operand?.isRequired === true && operands.length === 0) {
    throw usageError(
      `${name} needs ${operand.isMany ? "at least one" : "a"} ${operand.name}.${helpHint([name])}`,
    );
  }
  return operands;
}

function unknownFlag(spec: CommandSpec, name: string): Error {
  const names = [...flagsOf(spec).map((flag) => flag.name), "help", "version"];
  const dashes = name.length === 1 ? "-" : "--";
  return usageError(
    `${spec.name} has no option ${dashes}${name}.${suggestion(name, names, "--")} See ${PROGRAM} ${spec.name} --help.`,
  );
}

/** Where to read how it is done. */
function helpHint([name]: readonly string[]): string {
  return COMMANDS.some((spec) => spec.name === name)
    ? ` See ${PROGRAM} ${name} --help.`
    : ` See ${PROGRAM} --help.`;
}

/** No command, or one that is not there. */
async function withoutCommand(words: readonly string[], parser: Argv, io: Io): Promise<ExitCode> {
  const [word] = words;
  if (word !== undefined) {
    const names = COMMANDS.map(({ name }) => name);
    throw usageError(
      `There is no command ${quoted(word)}.${suggestion(word, names)} The commands: ${names.join(", ")}.`,
    );
  }
  await io.stderr.write(`${await parser.getHelp()}\n`);
  return EXIT.usage;
}
