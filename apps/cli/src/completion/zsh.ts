import type { CompletedCommand, CompletedFlag, CompletedOperand } from "./words.ts";

/** The completion for zsh: a function for `fpath`, or for `source` after `compinit`. */
export function zshCompletion(commands: readonly CompletedCommand[]): string {
  const described = commands
    .map(({ name, describe }) => `    ${quote(`${name}:${describe.replaceAll(":", "\\:")}`)}\n`)
    .join("");
  return `#compdef presence-cli
# zsh completion of presence-cli, as \`presence-cli completion zsh\` prints it.
_presence_cli() {
  local -a commands=(
${described}  )
  if ((CURRENT == 2)); then
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  ((CURRENT--))
  case $command in
${commands.map(commandCase).join("")}  esac
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
  _presence_cli "$@"
else
  compdef _presence_cli presence-cli
fi
`;
}

function commandCase({ name, flags, operand }: CompletedCommand): string {
  const lines = [...flags.map(flagArgument), ...(operand === null ? [] : [operandArgument(operand)])];
  return `    ${name})\n      _arguments \\\n${lines.map((line) => `        ${quote(line)}`).join(" \\\n")}\n      ;;\n`;
}

function flagArgument({ name, describe, takesValue, choices }: CompletedFlag): string {
  const text = describe.replace(/[[\]:\\]/g, "\\$&");
  const values = choices.length === 0 ? " " : `(${choices.join(" ")})`;
  return `--${name}[${text}]${takesValue ? `:${name}:${values}` : ""}`;
}

function operandArgument({ name, isMany, values }: CompletedOperand): string {
  const action = values === "files" ? "_files" : values === "anything" ? " " : `(${values.join(" ")})`;
  return `${isMany ? "*" : "1"}:${name}:${action}`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
