import { open } from "node:fs/promises";
import { platform } from "node:os";
import { join } from "node:path";

const OTHERS = 0o077;
const LOOPBACK = /^(?:localhost|(?:[^.]+\.)*localhost|127(?:\.\d{1,3}){3}|\[::1\])$/i;

/** Whether an address is on this machine, by its name alone. */
export function isLoopback(url: string): boolean {
  const parsed = URL.parse(url);
  return parsed !== null && LOOPBACK.test(parsed.hostname);
}

/**
 * The admin token that an embedded server on this machine keeps in its data directory; `undefined` where there
 * is none, or none that this user may read. One that others can read is not used: somebody else may have put it
 * there to learn where it is sent.
 */
export async function readAdminToken(dataDir: string): Promise<string | undefined> {
  try {
    await using file = await open(join(dataDir, "admin-token"), "r");
    const { mode } = await file.stat();
    if (platform() !== "win32" && (mode & OTHERS) !== 0) return undefined;
    const token = (await file.readFile("utf8")).trim();
    return /^[\x21-\x7e]+$/.test(token) ? token : undefined;
  } catch (error) {
    if (error instanceof Error && "code" in error && isExpected(error.code)) return undefined;
    throw error;
  }
}

function isExpected(code: unknown): boolean {
  return code === "ENOENT" || code === "EACCES" || code === "ENOTDIR" || code === "EISDIR";
}
