import { stat } from "node:fs/promises";
import { platform } from "node:os";
import { join } from "node:path";
import { safeText } from "../output/safe-text.ts";
import { type Check, fail, ok } from "./check.ts";

const OTHERS = 0o077;

/** The file an embedded API keeps its admin token in; nothing where there is none. */
export async function checkTokenFile(dataDir: string): Promise<readonly Check[]> {
  const path = join(dataDir, "admin-token");
  const mode = await modeOf(path);
  // Windows has no such bits.
  if (mode === null || platform() === "win32") return [];
  return (mode & OTHERS) === 0
    ? [ok("token-file", `${safeText(path)} is for its owner alone`)]
    : [
        fail(
          "token-file",
          `others can read ${safeText(path)}: an embedded API does not start`,
          `chmod 600 ${safeText(path)}; who may have read it is an admin: remove the file, and the API makes a new one`,
        ),
      ];
}

async function modeOf(path: string): Promise<number | null> {
  try {
    return (await stat(path)).mode;
  } catch (error) {
    if (
      error instanceof Error &&
      "code" in error &&
      ["ENOENT", "ENOTDIR", "EACCES"].includes(String(error.code))
    ) {
      return null;
    }
    throw error;
  }
}
