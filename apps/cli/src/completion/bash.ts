import type { CompletedCommand, CompletedFlag } from "./words.ts";

/** The completion for bash 3.2 and later. It starts no process: all words are in it. */
export function bashCompletion(commands: readonly CompletedCommand[]): string {
  const names = commands.map(({ name }) => name).join(" ");
  return `# bash completion of presence-cli, as \`presence-cli completion bash\` prints it.
_presence_cli() {
  local IFS=$' \\t\\n'
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD - 1]} words=''
  # bash takes --flag=value apart: "--flag", "=", "value".
  if [[ $current == '=' ]]; then
    current=''
  elif [[ $previous == '=' ]]; then
    previous=\${COMP_WORDS[COMP_CWORD - 2]}
  fi
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then
    words='${names} --help --version'
  else
    case "\${COMP_WORDS[1]}" in
${commands.map(commandCase).join("")}    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -F _presence_cli presence-cli
`;
}

function commandCase({ name, flags, operand }: CompletedCommand): string {
  const ofOperand = Array.isArray(operand?.values) ? operand.values : [];
  const words = [...ofOperand, ...flags.map((flag) => `--${flag.name}`)].join(" ");
  return `    ${name})
      case $previous in
${valueCases(flags)}      *)
${operand?.values === "files" ? FILES_UNLESS_FLAG : ""}        words='${words}'
        ;;
      esac
      ;;
`;
}

/** What follows a flag that takes a value: one of its words, or something nobody can know. */
function valueCases(flags: readonly CompletedFlag[]): string {
  const withValue = flags.filter(({ takesValue }) => takesValue);
  const known = withValue
    .filter(({ choices }) => choices.length > 0)
    .map(({ name, choices }) => `      --${name}) words='${choices.join(" ")}' ;;\n`);
  const unknown = withValue.filter(({ choices }) => choices.length === 0).map(({ name }) => `--${name}`);
  return known.join("") + (unknown.length === 0 ? "" : `      ${unknown.join(" | ")}) return ;;\n`);
}

const FILES_UNLESS_FLAG = `        if [[ $current != -* ]]; then
          compopt -o filenames 2>/dev/null
          IFS=$'\\n' COMPREPLY=($(compgen -f -- "$current"))
          return
        fi
`;
