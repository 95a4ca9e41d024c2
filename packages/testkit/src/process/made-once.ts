import { access, mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { waitUntil } from "./wait-until.ts";

const CACHE_FOLDER = fileURLToPath(new URL("../../../../.cache/testkit/", import.meta.url));
const MAKE_TIMEOUT_MS = 600_000;

/**
 * Path of a file or folder that is made when it is asked for the first time, and found again after that. Any number
 * of processes may ask at once: one makes it, the others wait.
 *
 * @param name - Of the file or folder in the cache; another one for other content.
 * @param make - Makes it at the path it is given. What is there once it is done is moved to its place as a whole.
 */
export async function madeOnce(name: string, make: (unfinished: string) => Promise<void>): Promise<string> {
  const made = join(CACHE_FOLDER, name);
  if (await exists(made)) return made;
  await mkdir(CACHE_FOLDER, { recursive: true });
  await withLock(`${made}.lock`, async () => {
    if (await exists(made)) return;
    const unfinished = `${made}.${process.pid}`;
    try {
      await make(unfinished);
      await rename(unfinished, made);
    } finally {
      await rm(unfinished, { recursive: true, force: true });
    }
  });
  return made;
}

/** Path of what {@link madeOnce} made before, or `null`. */
export async function madeBefore(name: string): Promise<string | null> {
  const made = join(CACHE_FOLDER, name);
  return (await exists(made)) ? made : null;
}

/** Runs `action` while a file holds our process id. The file of a process that is gone counts for nothing. */
async function withLock(path: string, action: () => Promise<void>): Promise<void> {
  await waitUntil(() => takeLock(path), {
    timeoutMs: MAKE_TIMEOUT_MS,
    everyMs: 250,
    what: `the end of another process' work on ${path}`,
  });
  try {
    await action();
  } finally {
    await rm(path, { force: true });
  }
}

async function takeLock(path: string): Promise<boolean> {
  try {
    const file = await open(path, "wx");
    await file.writeFile(String(process.pid));
    await file.close();
    return true;
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
  // Two who find the same dead owner may both do the work then: a waste, no harm.
  const owner = Number(await readFile(path, "utf8").catch(() => ""));
  if (owner > 0 && !isAlive(owner)) await rm(path, { force: true });
  return false;
}

function isAlive(processId: number): boolean {
  try {
    return process.kill(processId, 0);
  } catch {
    return false;
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
