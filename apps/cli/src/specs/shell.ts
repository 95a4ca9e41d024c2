import type { CommandSpec } from "../command.ts";

/** Commands for the shell this runs in. */
export const SHELL_COMMANDS: readonly CommandSpec[] = [
  {
    name: "completion",
    operand: {
      name: "shell",
      describe: "bash, zsh or fish; the one in SHELL where it is left out",
      isRequired: false,
      isMany: false,
      choices: ["bash", "zsh", "fish"],
    },
    describe: "Prints a script that completes commands and flags in a shell",
    isOffline: true,
    flags: [],
    examples: [
      ["completion bash", "For bash: keep it as /etc/bash_completion.d/presence-cli"],
      ["completion zsh", "For zsh: keep it as _presence-cli in a folder of fpath"],
      ["completion fish", "For fish: keep it as ~/.config/fish/completions/presence-cli.fish"],
    ],
    load: async () => (await import("../commands/completion.ts")).runCompletion,
  },
];
