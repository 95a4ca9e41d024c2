import { mkdir, rm, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { describe, expect, it } from "vitest";
import { connectSqliteHistoryStore } from "../../src/sqlite.ts";
import { freshPath } from "../support/sqlite.ts";

const AT_MS = Date.UTC(2026, 10, 24, 12);
const sample = { channel: "site", count: 7, atMs: AT_MS } as const;

describe("a file that is opened with the first call", () => {
  it("is not made before, and keeps what is added", async () => {
    const path = freshPath();
    const history = connectSqliteHistoryStore({ path });
    expect(existsSync(path)).toBe(false);
    await history.addSample(sample);
    expect((await history.peaks("site", AT_MS)).today).toEqual({ count: 7, atMs: AT_MS });
    await history.close();
  });

  it("fails calls while it cannot be opened, and none once it can", async () => {
    const path = freshPath();
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, "no SQLite\n".repeat(1_000));
    const history = connectSqliteHistoryStore({ path });
    await expect(history.addSample(sample)).rejects.toMatchObject({ code: "PRESENCE_HISTORY_CORRUPT" });
    await expect(history.retain(AT_MS)).rejects.toMatchObject({ code: "PRESENCE_HISTORY_CORRUPT" });
    await rm(path);
    await history.addSample(sample);
    await history.close();
  });

  it("is closed by a close that comes with the first call, and by one without any", async () => {
    const history = connectSqliteHistoryStore({ path: freshPath() });
    const adding = history.addSample(sample);
    await history.close();
    await adding.catch(() => {});
    await expect(history.addSample(sample)).rejects.toMatchObject({ code: "PRESENCE_CLOSED" });
    const untouched = connectSqliteHistoryStore({ path: freshPath() });
    await untouched.close();
    await expect(untouched.peaks("site", AT_MS)).rejects.toMatchObject({ code: "PRESENCE_CLOSED" });
  });
});
