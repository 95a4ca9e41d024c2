import { chmod, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { scratchFolder, startProcess, type ProcessOptions, type TestProcess } from "@presence/testkit";
import { ROOT } from "./repository.ts";

/** A shell with `presence-cli` on its path, as after an installation. */
export interface Shell extends AsyncDisposable {
  /** Where commands run. */
  readonly folder: string;
  /** Starts a command of a document. */
  start(command: string, options?: Pick<ProcessOptions, "env" | "ready">): Promise<TestProcess>;
}

/** Opens a shell in an empty folder; what it has started ends with it. */
export async function openShell(): Promise<Shell> {
  const { path: folder, remove } = await scratchFolder("shell");
  const started: TestProcess[] = [];
  const program = join(folder, "presence-cli");
  const main = join(ROOT, "apps/cli/src/main.ts");
  await writeFile(
    program,
    `#!/bin/sh\nexec "${process.execPath}" --conditions=@presence/source "${main}" "$@"\n`,
  );
  await chmod(program, 0o755);
  return {
    folder,
    async start(command, { env = {}, ...options } = {}) {
      const path = [folder, process.env["PATH"] ?? ""].join(delimiter);
      const shell = await startProcess("sh", ["-c", command], {
        ...options,
        cwd: folder,
        env: { ...env, PATH: path },
      });
      started.push(shell);
      return shell;
    },
    async [Symbol.asyncDispose]() {
      for (const shell of started) await shell.stop();
      await remove();
    },
  };
}
