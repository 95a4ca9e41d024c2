/**
 * Copies the built dashboard and widget into this package's build, so that the server has its pages wherever the
 * package is installed: from a tarball, by `pnpm deploy`, in an image.
 */
import { cp, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";

const PACKAGE = join(import.meta.dirname, "..");
const PUBLIC = join(PACKAGE, "dist/public");

await rm(PUBLIC, { recursive: true, force: true });
await mkdir(join(PUBLIC, "widget"), { recursive: true });
await cp(join(PACKAGE, "../web/dist"), join(PUBLIC, "dashboard"), { recursive: true });
await cp(join(PACKAGE, "../../packages/widget/dist/widget.js"), join(PUBLIC, "widget/widget.js"));
