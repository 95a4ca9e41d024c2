import { chmod, mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { platform } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
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
    if (platform() !== "win32") expect((await stat(first.path)).mode & 0o777).toBe(0o600);
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
    await expect(openAdminToken(folder)).rejects.toThrow(`chmod 600 ${path}`);
  });

  it("refuses a file that holds no token, without showing what it holds", async () => {
    const folder = await dataDir();
    await mkdir(folder);
    await writeFile(join(folder, "admin-token"), "letmein\n", { mode: 0o600 });
    const opening = openAdminToken(folder);
    await expect(opening).rejects.toThrow("PRESENCE_DATA_DIR");
    await expect(opening).rejects.not.toThrow("letmein");
  });

  it("refuses a data directory that is a file", async () => {
    const folder = await dataDir();
    await writeFile(folder, "");
    await expect(openAdminToken(folder)).rejects.toThrow("must be a directory this user can write to");
  });
});
