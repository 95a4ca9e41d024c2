import { randomBytes } from "node:crypto";
import { link, mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { platform } from "node:os";
import { join, resolve } from "node:path";
import { ConfigError, MIN_TOKEN_CHARACTERS, tokenProblem } from "@presence/service-kit";

/** Name of the file in the data directory. */
export const ADMIN_TOKEN_FILE = "admin-token";

const OWNER_ONLY_FILE = 0o600;
const OWNER_ONLY_DIRECTORY = 0o700;
const OTHERS = 0o077;

/** The admin token of an embedded installation, and where it is kept. */
export interface AdminTokenFile {
  readonly token: string;
  readonly path: string;
}

/**
 * Reads the admin token of `dataDir`, after making one where there is none.
 *
 * @throws {ConfigError} when the directory cannot be used, or others can read the file.
 */
export async function openAdminToken(dataDir: string): Promise<AdminTokenFile> {
  const path = resolve(join(dataDir, ADMIN_TOKEN_FILE));
  try {
    await mkdir(dataDir, { recursive: true, mode: OWNER_ONLY_DIRECTORY });
    await createOnce(path);
    return { token: await readToken(path), path };
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    const reason = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw dataDirProblem(`must be a directory this user can write to (${path}: ${reason})`);
  }
}

/** Makes the file whole or not at all, and never over another process' one. */
async function createOnce(path: string): Promise<void> {
  const draft = `${path}.${randomBytes(8).toString("hex")}`;
  try {
    await writeFile(draft, `${randomBytes(MIN_TOKEN_CHARACTERS).toString("base64url")}\n`, {
      flag: "wx",
      mode: OWNER_ONLY_FILE,
    });
    await link(draft, path);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

async function readToken(path: string): Promise<string> {
  const { mode } = await stat(path);
  // Windows has no such bits: there the directory's own permissions hold.
  if (platform() !== "win32" && (mode & OTHERS) !== 0) {
    throw dataDirProblem(
      `holds an admin-token that others can read: chmod 600 ${path}, or remove it for a new one`,
    );
  }
  const token = (await readFile(path, "utf8")).trim();
  const problem = tokenProblem(token);
  if (problem !== null)
    throw dataDirProblem(`holds an admin-token that is none: remove ${path} for a new one`);
  return token;
}

function dataDirProblem(reason: string): ConfigError {
  return new ConfigError([{ variable: "PRESENCE_DATA_DIR", reason, example: "PRESENCE_DATA_DIR=./data" }]);
}
