import type { CompletedCommand } from "./words.ts";

const COMPLETE = "complete -c presence-cli";

/** The completion for fish 3 and later. */
export function fishCompletion(commands: readonly CompletedCommand[]): string {
  const lines = [`${COMPLETE} -f`];
  for (const { name, describe } of commands) {
    lines.push(`${COMPLETE} -n __fish_use_subcommand -a ${name} -d ${quote(describe)}`);
  }
  for (const { name, flags, operand } of commands) {
    const ofCommand = `${COMPLETE} -n '__fish_seen_subcommand_from ${name}'`;
    for (const flag of flags) {
      const words = flag.choices.length === 0 ? "" : ` -a ${quote(flag.choices.join(" "))}`;
      const value = flag.takesValue ? ` -x${words}` : "";
      lines.push(`${ofCommand} -l ${flag.name}${value} -d ${quote(flag.describe)}`);
    }
    if (operand?.values === "files") lines.push(`${ofCommand} -F`);
    if (Array.isArray(operand?.values)) lines.push(`${ofCommand} -a ${quote(operand.values.join(" "))}`);
  }
  return `# fish completion of presence-cli, as \`presence-cli completion fish\` prints it.\n${lines.join("\n")}\n`;
}

function quote(text: string): string {
  return `'${text.replace(/['\\]/g, "\\$&")}'`;
}
