import { chmod, mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { platform } from "node:os";
import { join } from "node:path";
import { isMainThread } from "node:worker_threads";
import { describe, expect, it, onTestFinished } from "vitest";
import { ConfigError } from "@presence/service-kit";
import { scratchFolder } from "@presence/testkit";
import { openAdminToken } from "../src/admin-token.ts";

async function dataDir(): Promise<string> {
  const folder = await scratchFolder("api-data");
  onTestFinished(() => folder.remove());
  return join(folder.path, "data");
}

describe("openAdminToken", () => {
  it("makes a token that its owner alone can read, and keeps it", async () => {
    const folder = await dataDir();
    const first = await openAdminToken(folder);
    expect(first.token).toMatch(/^[\w-]{43}$/);
    expect(await readFile(first.path, "utf8")).toBe(`${first.token}\n`);
    if (platform() !== "win32") {
      expect((await stat(first.path)).mode & 0o777).toBe(0o600);
      // What else is kept there is nobody else's either.
      expect((await stat(folder)).mode & 0o777).toBe(0o700);
    }
    expect(await openAdminToken(folder)).toEqual(first);
    expect(await readdir(folder)).toEqual(["admin-token"]);
  });

  it("gives one token to all who start at once", async () => {
    const folder = await dataDir();
    const tokens = await Promise.all(Array.from({ length: 20 }, () => openAdminToken(folder)));
    expect(new Set(tokens.map(({ token }) => token)).size).toBe(1);
    expect(await readdir(folder)).toEqual(["admin-token"]);
  });

  it("refuses a token that others can read, and says what to do", async () => {
    const folder = await dataDir();
    const { path } = await openAdminToken(folder);
    await chmod(path, 0o640);
    await expect(openAdminToken(folder)).rejects.toThrow(
      problem(`holds an admin-token that others can read: chmod 600 ${path}, or remove it for a new one`),
    );
  });

  it("refuses a file that holds no token, without showing what it holds", async () => {
    const folder = await dataDir();
    await mkdir(folder);
    const path = join(folder, "admin-token");
    await writeFile(path, "letmein\n", { mode: 0o600 });
    await expect(openAdminToken(folder)).rejects.toThrow(
      problem(`holds an admin-token that is none: remove ${path} for a new one`),
    );
  });

  it("refuses a data directory that is a file", async () => {
    const folder = await dataDir();
    await writeFile(folder, "");
    await expect(openAdminToken(folder)).rejects.toThrow(unusable(folder, "EEXIST"));
  });

  it("refuses a directory in the place of the token", async () => {
    const folder = await dataDir();
    await mkdir(join(folder, "admin-token"), { recursive: true, mode: 0o700 });
    await expect(openAdminToken(folder)).rejects.toThrow(unusable(folder, "EISDIR"));
  });

  // A thread, in which mutation testing runs it, cannot become another user.
  it.runIf(platform() !== "win32" && isMainThread)(
    "says why it cannot keep a token, where it may not write",
    async () => {
      const folder = await dataDir();
      await mkdir(folder);
      await chmod(join(folder, ".."), 0o755);
      await chmod(folder, 0o555);
      await expect(asNobody(() => openAdminToken(folder))).rejects.toThrow(unusable(folder, "EACCES"));
      expect(await readdir(folder)).toEqual([]);
    },
  );
});

/** All that somebody is told who starts the API with such a data directory. */
function problem(reason: string): Error {
  return new ConfigError([{ variable: "PRESENCE_DATA_DIR", reason, example: "PRESENCE_DATA_DIR=./data" }]);
}

function unusable(folder: string, code: string): Error {
  return problem(`must be a directory this user can write to (${join(folder, "admin-token")}: ${code})`);
}

/** Does something with the rights of an ordinary user: root may write everywhere. */
async function asNobody<T>(doing: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return doing();
  process.seteuid?.(65_534);
  try {
    return await doing();
  } finally {
    process.seteuid?.(0);
  }
}
