import { existsSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../../..");

/** Path of a program that was built. @throws {Error} where it was not. */
export async function builtProgram(packageFolder: string, program: string): Promise<string> {
  if (!existsSync(join(ROOT, packageFolder, "dist"))) {
    throw new Error(`${packageFolder} is not built: run npx pnpm@12 build first`);
  }
  return join(ROOT, packageFolder, program);
}
