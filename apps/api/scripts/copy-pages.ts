/**
 * Copies the built dashboard and widget into this package's build, so that the server has its pages wherever the
 * package is installed: from a tarball, by `pnpm deploy`, in an image.
 */
import { cp, mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";

const PACKAGE = join(import.meta.dirname, "..");
const PUBLIC = join(PACKAGE, "dist/public");

// Put in its place whole: a server that runs meanwhile reads these files.
const aside = `${PUBLIC}-new`;
const before = `${PUBLIC}-before`;
for (const left of [aside, before]) await rm(left, { recursive: true, force: true });
await mkdir(join(aside, "widget"), { recursive: true });
await cp(join(PACKAGE, "../web/dist"), join(aside, "dashboard"), { recursive: true });
await cp(join(PACKAGE, "../../packages/widget/dist/widget.js"), join(aside, "widget/widget.js"));
await rename(PUBLIC, before).catch((error: NodeJS.ErrnoException) => {
  if (error.code !== "ENOENT") throw error;
});
await rename(aside, PUBLIC);
await rm(before, { recursive: true, force: true });
