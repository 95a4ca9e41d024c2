import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { madeBefore, madeOnce } from "../process/made-once.ts";
import { startProcess } from "../process/start-process.ts";

const SOURCE_FOLDER = fileURLToPath(new URL("../../ferretdb/", import.meta.url));
const BUILD_TIMEOUT_MS = 480_000;

/**
 * Path of a program that serves the MongoDB protocol: `ferretdb-for-tests <host:port> <folder>`. Built when it is
 * asked for the first time, which takes minutes with a cold Go cache; found again until its source changes.
 */
export async function ferretdbProgram(): Promise<string> {
  return madeOnce(await programName(), build);
}

/** Path of that program where it is built already, or `null`. */
export async function builtFerretdb(): Promise<string | null> {
  return madeBefore(await programName());
}

async function programName(): Promise<string> {
  return `ferretdb-${process.platform}-${process.arch}-${await sourceDigest()}`;
}

async function sourceDigest(): Promise<string> {
  const digest = createHash("sha256");
  for (const name of ["main.go", "go.mod", "go.sum"])
    digest.update(await readFile(join(SOURCE_FOLDER, name)));
  return digest.digest("hex").slice(0, 12);
}

async function build(program: string): Promise<void> {
  const go = await startProcess("go", ["build", "-trimpath", "-o", program, "."], {
    cwd: SOURCE_FOLDER,
    env: { CGO_ENABLED: "0" },
  });
  const late = setTimeout(() => void go.kill(), BUILD_TIMEOUT_MS);
  const { code } = await go.exited.finally(() => clearTimeout(late));
  if (code !== 0) throw new Error(`FerretDB did not build:\n${go.output}`);
}
