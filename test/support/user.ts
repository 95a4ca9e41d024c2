import { delimiter } from "node:path";
import type { ProcessOptions } from "@presence/testkit";

/** Variables that a package manager, turbo or vitest hands down, which no person's shell has. */
const HANDED_DOWN = /^(?:npm_.*|pnpm_.*|NODE|NODE_ENV|NODE_OPTIONS|INIT_CWD|TURBO_.*|VITEST.*|TEST|CI)$/i;

/** Takes out of this process's environment what a person at a terminal would not have. */
export function personsEnvironment(): NonNullable<ProcessOptions["env"]> {
  const handedDown = Object.keys(process.env).filter((name) => HANDED_DOWN.test(name));
  const path = (process.env["PATH"] ?? "").split(delimiter);
  return {
    ...Object.fromEntries(handedDown.map((name) => [name, undefined])),
    PATH: path.filter((folder) => !folder.includes("node_modules")).join(delimiter),
  };
}
