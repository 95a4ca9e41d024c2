import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { ROOT } from "./root.ts";

const VITEST = join(dirname(createRequire(import.meta.url).resolve("vitest/package.json")), "vitest.mjs");

/** Runs vitest in the API's folder, straight to the terminal, and answers its exit code. */
export function runApiTests(args: readonly string[], env: Readonly<Record<string, string>> = {}): number {
  const { status } = spawnSync(process.execPath, [VITEST, "run", ...args], {
    cwd: join(ROOT, "apps/api"),
    env: { ...process.env, ...env },
    stdio: "inherit",
  });
  return status ?? 1;
}
