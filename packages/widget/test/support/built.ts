import { execFile } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

const ROOT = join(import.meta.dirname, "../..");

/** What a page loads. */
export const WIDGET_FILE = join(ROOT, "dist/widget.js");

/** Builds the widget where the build is older than its sources, so that the tests judge what is served. */
export async function setup(): Promise<void> {
  const sources = [
    ...readdirSync(join(ROOT, "src")).map((name) => join(ROOT, "src", name)),
    join(ROOT, "vite.config.ts"),
  ];
  const newest = Math.max(...sources.map((file) => statSync(file).mtimeMs));
  const built = statSync(WIDGET_FILE, { throwIfNoEntry: false });
  if (built !== undefined && built.mtimeMs >= newest) return;
  const env = { ...process.env, NODE_ENV: "production" };
  await promisify(execFile)(process.execPath, [join(ROOT, "node_modules/vite/bin/vite.js"), "build"], {
    cwd: ROOT,
    env,
  });
}
