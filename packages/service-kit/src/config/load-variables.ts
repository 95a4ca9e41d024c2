import { ConfigError, type ConfigProblem } from "./config-error.ts";
import { nearestName } from "./nearest-name.ts";
import type { Variable, Variables, VariableValues } from "./variable.ts";

/** A process environment. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Options of {@link loadVariables}. */
export interface LoadVariablesOptions<V extends Variables> {
  readonly variables: V;
  /** Names that other Presence programs read, so that they raise no warning here. */
  readonly alsoKnown?: readonly string[];
  /** What no variable can say alone. Values that failed to parse are absent. */
  readonly check?: (values: Partial<VariableValues<V>>) => readonly ConfigProblem[];
}

/** Parsed variables, and what is odd but no error. */
export interface LoadedVariables<V extends Variables> {
  readonly values: VariableValues<V>;
  /** One sentence each, such as a `PRESENCE_*` name nobody reads. */
  readonly warnings: readonly string[];
}

const MAX_SHOWN_TEXT = 60;

/**
 * Parses a service's variables from an environment. An empty variable counts as unset.
 *
 * @throws {ConfigError} with every problem there is, not the first alone.
 */
export function loadVariables<V extends Variables>(
  env: Environment,
  options: LoadVariablesOptions<V>,
): LoadedVariables<V> {
  const values: Record<string, unknown> = {};
  const problems: ConfigProblem[] = [];
  for (const [name, variable] of Object.entries(options.variables)) {
    const text = textOf(env, name);
    const parsed = variable.schema.safeParse(text);
    if (parsed.success) values[name] = parsed.data;
    else problems.push(problemOf(name, variable, text, parsed.error.issues));
  }
  problems.push(...(options.check?.(values as Partial<VariableValues<V>>) ?? []));
  if (problems.length > 0) throw new ConfigError(problems);
  const known = [...Object.keys(options.variables), ...(options.alsoKnown ?? [])];
  return Object.freeze({
    values: Object.freeze(values) as VariableValues<V>,
    warnings: unknownNames(env, known),
  });
}

function textOf(env: Environment, name: string): string | undefined {
  const text = env[name]?.trim();
  return text === "" ? undefined : text;
}

function problemOf(
  name: string,
  variable: Variable<unknown>,
  text: string | undefined,
  issues: readonly { readonly message: string }[],
): ConfigProblem {
  const reasons = [...new Set(issues.map((issue) => issue.message))].join("; ");
  const shown =
    text === undefined || variable.isSecret
      ? ""
      : `is ${JSON.stringify(text.slice(0, MAX_SHOWN_TEXT))}, but `;
  return { variable: name, reason: `${shown}${reasons}`, example: `${name}=${variable.example}` };
}

function unknownNames(env: Environment, known: readonly string[]): readonly string[] {
  return Object.keys(env)
    .filter((name) => name.startsWith("PRESENCE_") && !known.includes(name))
    .toSorted()
    .map((name) => `${name} is not a variable of Presence; the nearest one is ${nearestName(name, known)}`);
}
