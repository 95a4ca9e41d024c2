import { readFile } from "node:fs/promises";

/** Files and connections beside those of clients: the store, the history, the log, what Node has open itself. */
const RESERVED_FILES = 128;

const LIMIT = /^Max open files\s+(\d+)/m;

/**
 * How many connections of clients the system lets this process have; `null` where it does not say (not Linux, no
 * limit). Without it they would take the last file, and the store could not be reached again.
 */
export async function connectionsAllowed(limits: string = "/proc/self/limits"): Promise<number | null> {
  const text = await readFile(limits, "utf8").catch(() => "");
  const [, files] = LIMIT.exec(text) ?? [];
  return files === undefined ? null : Math.max(1, Number(files) - RESERVED_FILES);
}
