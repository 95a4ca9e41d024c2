import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { reapFolder } from "./reaper.ts";

/** An empty folder of one's own. */
export interface ScratchFolder {
  readonly path: string;
  remove(): Promise<void>;
}

/** Makes an empty folder that does not outlive this process. */
export async function scratchFolder(name: string): Promise<ScratchFolder> {
  const path = await mkdtemp(join(tmpdir(), `presence-${name}-`));
  reapFolder(path);
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 3 }) };
}
