/** One thing that is wrong with the configuration. */
export interface ConfigProblem {
  readonly variable: string;
  /** A sentence part that follows the variable's name: "must be …". */
  readonly reason: string;
  /** A line that would be right, such as `PORT=3000`; left out where no single line helps. */
  readonly example?: string;
}

/** Exit code of a process whose configuration is wrong: `EX_CONFIG` of sysexits.h. */
export const CONFIG_EXIT_CODE = 78;

/** Everything that is wrong with the configuration, in one error. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    super(configMessage(problems));
    this.problems = problems;
  }
}

function configMessage(problems: readonly ConfigProblem[]): string {
  const title =
    problems.length === 1
      ? "The configuration has a problem:"
      : `The configuration has ${problems.length} problems:`;
  return [title, ...problems.map(problemLine)].join("\n");
}

function problemLine({ variable, reason, example }: ConfigProblem): string {
  const line = `  ${variable} ${reason}.`;
  return example === undefined ? line : `${line} Example: ${example}`;
}
