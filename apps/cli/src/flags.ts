import { usageError } from "./errors.ts";

/** What the command line said, as texts: every value is checked where it is used. */
export interface Flags {
  /** The arguments after the command's name. */
  readonly operands: readonly string[];
  /** `true` for a flag without a value. */
  readonly values: Readonly<Record<string, string | boolean | undefined>>;
}

/** The text of `--name`, or `undefined` where it is not there. @throws {CliError} where its value is missing. */
export function textFlag({ values }: Flags, name: string): string | undefined {
  const value = values[name];
  if (value === undefined) return undefined;
  if (typeof value === "boolean" || value === "") throw usageError(`--${name} needs a value.`);
  return value;
}

/** Whether `--name` is there. */
export function hasFlag({ values }: Flags, name: string): boolean {
  return values[name] === true;
}

/** Bounds of a {@link wholeFlag}, both included. */
export interface WholeBounds {
  readonly min: number;
  readonly max: number;
  /** What to do where more is wanted, as a sentence. */
  readonly hint?: string;
}

/** The whole number of `--name`, or `undefined`. @throws {CliError} for anything else. */
export function wholeFlag(flags: Flags, name: string, bounds: WholeBounds): number | undefined {
  const text = textFlag(flags, name);
  return text === undefined ? undefined : parseWhole(`--${name}`, text, bounds);
}

/** The whole number that `text` is. @throws {CliError} that names the field. */
export function parseWhole(field: string, text: string, { min, max, hint }: WholeBounds): number {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  const more = hint === undefined ? "" : ` ${hint}`;
  throw usageError(`${field} must be a whole number from ${min} to ${max}, not ${quoted(text)}.${more}`);
}

/** One of `allowed`, the first where `--name` is not there. @throws {CliError} that lists them. */
export function choiceFlag<const Choice extends string>(
  flags: Flags,
  name: string,
  allowed: readonly [Choice, ...Choice[]],
): Choice {
  return optionalChoiceFlag(flags, name, allowed) ?? allowed[0];
}

/** One of `allowed`, `undefined` where `--name` is not there. @throws {CliError} that lists them. */
export function optionalChoiceFlag<const Choice extends string>(
  flags: Flags,
  name: string,
  allowed: readonly Choice[],
): Choice | undefined {
  const text = textFlag(flags, name);
  const found = allowed.find((choice) => choice === text);
  if (text === undefined || found !== undefined) return found;
  throw usageError(`--${name} must be ${listed(allowed)}, not ${quoted(text)}.`);
}

/** "a", "a or b", "a, b or c". */
export function listed(words: readonly string[]): string {
  const last = words.at(-1) ?? "";
  return words.length < 2 ? last : `${words.slice(0, -1).join(", ")} or ${last}`;
}

/** A text as a message shows it: what is not printable is escaped, what is long is cut. */
export function quoted(text: string): string {
  const cut = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  return JSON.stringify(cut).replace(
    /[^\x20-\x7e…]/g,
    (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
