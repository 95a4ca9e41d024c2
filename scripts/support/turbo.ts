import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { ROOT } from "./root.ts";

/** What became of one `turbo run`. */
export interface TurboRun {
  readonly code: number;
  /** Both streams in order; empty where they went straight to the terminal. */
  readonly output: string;
}

const TURBO = createRequire(import.meta.url).resolve("turbo/bin/turbo");

/**
 * Runs turbo without a shell, so that it works alike on Linux, macOS and Windows. A signal to this process ends turbo,
 * and with it what it runs, before this answers.
 *
 * @param output - `"show"` passes what it prints on; `"keep"` hands it back.
 */
export async function runTurbo(args: readonly string[], output: "show" | "keep"): Promise<TurboRun> {
  const child = spawn(process.execPath, [TURBO, ...args], {
    cwd: ROOT,
    env: turboEnvironment(),
    stdio: output === "show" ? "inherit" : ["ignore", "pipe", "pipe"],
  });
  const chunks: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (chunk: string) => chunks.push(chunk));
  }
  const passOn = (signal: NodeJS.Signals): void => void child.kill(signal);
  process.on("SIGINT", passOn).on("SIGTERM", passOn);
  try {
    const code = await new Promise<number>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (exitCode) => resolve(exitCode ?? 1));
    });
    return { code, output: chunks.join("") };
  } finally {
    process.off("SIGINT", passOn).off("SIGTERM", passOn);
  }
}

/** The caller has installed: tasks that looked again, side by side, would race to install. */
function turboEnvironment(): NodeJS.ProcessEnv {
  return {
    ...process.env,
    pnpm_config_verify_deps_before_run: "false",
    TURBO_TELEMETRY_DISABLED: "1",
    TURBO_NO_UPDATE_NOTIFIER: "1",
  };
}
