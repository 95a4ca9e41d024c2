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
 * Reads the command line and runs the command it names. The library is told of that command alone, and reads nothing
 * but its words: for each command that it runs itself it writes the help text, asked for or not.
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
  const at = indexOfCommand(argv, commands);
  const word = argv[at];
  if (word === undefined) return runWithoutCommand(argv, io, commands);
  const spec = commands.find(({ name }) => name === word);
  if (spec === undefined) throw noCommand(word, commands);

  const words = argv.toSpliced(at, 1);
  const { parsed, printed } = await parse(describeCommand(createParser(io, spec.name), spec), words);
  if (printed !== "") {
    await io.stdout.write(`${printed}\n`);
    return EXIT.done;
  }
  refuseValues(spec, words);
  const flags = readFlags(spec, parsed);
  const run = await spec.load();
  return run({ flags, io });
}

/** Where the command is: the first word that is neither a flag nor, as far as anybody can tell, the value of one. */
function indexOfCommand(argv: readonly string[], commands: readonly CommandSpec[]): number {
  for (let at = 0; at < argv.length; at += 1) {
    const word = argv[at] ?? "";
    if (word === "--") return at + 1;
    if (!word.startsWith("-") || word === "-") return at;
    const takesNext = !word.includes("=") && !isSwitch(word, commands);
    if (takesNext && argv[at + 1]?.startsWith("-") === false) at += 1;
  }
  return -1;
}

/** Whether a flag stands by itself, whatever the command. */
function isSwitch(word: string, commands: readonly CommandSpec[]): boolean {
  if (["--help", "-h", "--version"].includes(word)) return true;
  const meant = commands.flatMap(flagsOf).filter(({ name }) => `--${name}` === word);
  return meant.length > 0 && meant.every((flag) => takenValue(flag) === null);
}

function createParser(io: Io, hintedCommand: string | undefined): Argv {
  return yargs([])
    .scriptName(PROGRAM)
    .locale("en")
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
    .wrap(Math.min(io.stdout.columns, HELP_COLUMNS))
    .exitProcess(false)
    .fail((message: string, error: Error | undefined) => {
      throw error === undefined || error.name === "YError"
        ? usageError(`${message}${helpHint(hintedCommand)}`, error)
        : error;
    });
}

/** What the library makes of the words, and the help or version that it prints where they ask for one. */
async function parse(
  parser: Argv,
  words: readonly string[],
): Promise<{ readonly parsed: Readonly<Record<string, unknown>>; readonly printed: string }> {
  let printed = "";
  // Behind the groups of the command's own flags.
  const whole = parser.group(["help", "version"], "Always:");
  const parsed = await whole.parseAsync(
    [...words],
    {},
    (_error: unknown, _parsed: unknown, output: string) => {
      printed = output;
    },
  );
  return { parsed, printed };
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
  const operands = [parsed["_"] ?? []].flat().map(String);
  const surplus =
    operand === undefined ? operands[0] : operands[operand.isMany ? Number.POSITIVE_INFINITY : 1];
  if (surplus !== undefined)
    throw usageError(`${name} takes no argument ${quoted(surplus)}.${helpHint(name)}`);
  if (operand?.isRequired === true && operands.length === 0) {
    throw usageError(
      `${name} needs ${operand.isMany ? "at least one" : "a"} ${operand.name}.${helpHint(name)}`,
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
function helpHint(command: string | undefined): string {
  return command === undefined ? ` See ${PROGRAM} --help.` : ` See ${PROGRAM} ${command} --help.`;
}

function noCommand(word: string, commands: readonly CommandSpec[]): Error {
  const names = commands.map(({ name }) => name);
  return usageError(
    `There is no command ${quoted(word)}.${suggestion(word, names)} The commands: ${names.join(", ")}.`,
  );
}

/** Tells of all commands: where that was asked for, and where none was named. */
async function runWithoutCommand(
  argv: readonly string[],
  io: Io,
  commands: readonly CommandSpec[],
): Promise<ExitCode> {
  let parser = createParser(io, undefined)
    .usage("Who is online right now.\n\nUsage: $0 <command> [options]")
    .epilogue(`${PROGRAM} <command> --help says all of a command, with examples.`);
  for (const { name, describe } of commands) parser = parser.command(name, describe);
  const flags = argv.filter((word) => word.startsWith("-"));
  const { printed } = await parse(parser, flags);
  if (printed === "") {
    await io.stderr.write(`${await parser.getHelp()}\n`);
    return EXIT.usage;
  }
  await io.stdout.write(`${printed}\n`);
  return EXIT.done;
}
