import { execFile } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

const ROOT = join(import.meta.dirname, "../..");

/**
 * Builds the dashboard where the build is older than its sources, so that these tests judge what would be
 * served whether they run after `build` or alone.
 */
export async function setup(): Promise<void> {
  const sources = ["src", "public", "index.html", "vite.config.ts"];
  const newest = Math.max(...sources.map((name) => newestIn(join(ROOT, name))));
  if (newestIn(join(ROOT, "dist/index.html")) >= newest) return;
  // In a process of its own: the test runner's NODE_ENV would make a development build.
  const vite = join(ROOT, "node_modules/vite/bin/vite.js");
  const env = { ...process.env, NODE_ENV: "production" };
  await promisify(execFile)(process.execPath, [vite, "build"], { cwd: ROOT, env });
}

/** When the newest file in `path` was written; 0 where there is none. */
function newestIn(path: string): number {
  const status = statSync(path, { throwIfNoEntry: false });
  if (status === undefined) return 0;
  if (!status.isDirectory()) return status.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newestIn(join(path, name))));
}
