import { spawnSync } from "node:child_process";
import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { onPath } from "@presence/testkit";
import { describe, expect, it, onTestFinished } from "vitest";
import { createDayCalendar } from "../../src/day-calendar.ts";
import { createHistoryStore } from "../../src/history-store.ts";
import type { HistoryStore } from "../../src/index.ts";
import { overDatabase } from "../../src/sqlite/database.ts";
import { migrate, MIGRATIONS } from "../../src/sqlite/schema.ts";
import { createSqliteTables } from "../../src/sqlite/tables.ts";
import { openSqliteHistoryStore } from "../../src/sqlite.ts";
import { freshPath } from "../support/sqlite.ts";

const START_MS = Date.UTC(2026, 10, 24);
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

async function addMinutes(history: HistoryStore, from: number, until: number): Promise<void> {
  for (let minute = from; minute < until; minute += 1) {
    await history.addSample({ channel: "site", count: minute, atMs: START_MS + minute * MINUTE_MS });
  }
}

async function filePath(content: string | Uint8Array): Promise<string> {
  const path = freshPath();
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
  return path;
}

describe("a file that is no history", () => {
  it("is refused with its name and what to do, and left as it is", async () => {
    const content = "who was online, by hand\n".repeat(100);
    const path = await filePath(content);
    await expect(openSqliteHistoryStore({ path })).rejects.toMatchObject({
      code: "PRESENCE_HISTORY_CORRUPT",
      message: expect.stringContaining(path),
      cause: expect.any(Error),
    });
    expect(await readFile(path, "utf8")).toBe(content);
  });

  it("is refused where its folder cannot be made", async () => {
    const path = join(await filePath(""), "history.sqlite");
    await expect(openSqliteHistoryStore({ path })).rejects.toMatchObject({
      code: "PRESENCE_HISTORY_UNAVAILABLE",
      message: expect.stringContaining(path),
    });
  });

  it("is refused where it is a folder", async () => {
    const path = freshPath();
    await mkdir(path, { recursive: true });
    await expect(openSqliteHistoryStore({ path })).rejects.toMatchObject({
      code: "PRESENCE_HISTORY_UNAVAILABLE",
    });
  });
});

describe("a file that was damaged", () => {
  it("fails the calls that meet the damage, and says so", async () => {
    const path = freshPath();
    const history = await openSqliteHistoryStore({ path });
    await addMinutes(history, 0, 1_440);
    await history.close();
    const content = await readFile(path);
    const pageBytes = 4_096;
    content.fill(0xab, 3 * pageBytes);
    await writeFile(path, content);
    const damaged = await openSqliteHistoryStore({ path });
    const query = { step: "minute", fromMs: START_MS, toMs: START_MS + DAY_MS } as const;
    await expect(damaged.range("site", query)).rejects.toMatchObject({
      code: "PRESENCE_HISTORY_CORRUPT",
      message: expect.stringContaining("backup"),
    });
    await damaged.close();
  });
});

describe("a file without room", () => {
  it("takes no sample, keeps what it has, and goes on once there is room", async () => {
    const path = freshPath();
    await mkdir(dirname(path), { recursive: true });
    const database = new DatabaseSync(path);
    migrate(database, path);
    const history = createHistoryStore(
      await createSqliteTables(overDatabase(database, path)),
      createDayCalendar("UTC"),
    );
    database.exec("PRAGMA max_page_count = 8");
    const full = { code: "PRESENCE_HISTORY_FULL", message: expect.stringContaining(path) };
    await expect(addMinutes(history, 0, 1_440)).rejects.toMatchObject(full);
    const { allTime } = await history.peaks("site", START_MS);
    const kept = (allTime?.count ?? 0) + 1;
    expect(kept).toBeGreaterThan(100);
    const points = await history.range("site", {
      step: "minute",
      fromMs: START_MS,
      toMs: START_MS + DAY_MS,
    });
    expect(points.filter(({ last }) => last !== null)).toHaveLength(kept);
    database.exec("PRAGMA max_page_count = 1000");
    await addMinutes(history, kept, kept + 10);
    expect((await history.peaks("site", START_MS)).allTime?.count).toBe(kept + 9);
    await history.close();
  });
});

describe("a disk that takes no more", () => {
  // A limit on the size of files stands in for it: a disk of our own takes rights that a test may not have.
  const limitFiles = (bytes: number | string): void => {
    const { status, stderr } = spawnSync("prlimit", [`--pid=${process.pid}`, `--fsize=${bytes}:`]);
    expect({ status, stderr: String(stderr) }).toEqual({ status: 0, stderr: "" });
  };

  it.skipIf(onPath("prlimit") === null)(
    "fails the sample, keeps what it has, and goes on after",
    async () => {
      const path = freshPath();
      const history = await openSqliteHistoryStore({ path });
      await addMinutes(history, 0, 10);
      const log = (await stat(`${path}-wal`)).size;
      const [, before = ""] =
        /^Max file size +(\S+)/m.exec(await readFile("/proc/self/limits", "utf8")) ?? [];
      onTestFinished(() => limitFiles(before));
      limitFiles(log + 64 * 1_024);
      await expect(addMinutes(history, 10, 1_440)).rejects.toMatchObject({
        code: expect.stringMatching(/^PRESENCE_HISTORY_(?:FULL|UNAVAILABLE)$/),
        message: expect.stringContaining(path),
      });
      const { allTime } = await history.peaks("site", START_MS);
      const kept = (allTime?.count ?? 0) + 1;
      expect(kept).toBeGreaterThanOrEqual(10);
      limitFiles("unlimited");
      await addMinutes(history, kept, kept + 10);
      expect((await history.peaks("site", START_MS)).allTime?.count).toBe(kept + 9);
      await history.close();
    },
  );
});

describe("a file that somebody else holds", () => {
  it("takes a sample once it is let go, while the event loop goes on", async () => {
    const path = freshPath();
    const history = await openSqliteHistoryStore({ path });
    const other = new DatabaseSync(path);
    other.exec("BEGIN IMMEDIATE");
    let isAdded = false;
    const adding = addMinutes(history, 0, 1).then(() => (isAdded = true));
    const longestMs = await longestTurn(10);
    expect(longestMs).toBeLessThan(200);
    expect(isAdded).toBe(false);
    other.exec("COMMIT");
    other.close();
    await adding;
    expect((await history.peaks("site", START_MS)).today?.count).toBe(0);
    await history.close();
  });

  it("can be read meanwhile", async () => {
    const path = freshPath();
    const history = await openSqliteHistoryStore({ path });
    await addMinutes(history, 0, 5);
    const other = new DatabaseSync(path);
    other.exec("BEGIN IMMEDIATE; DELETE FROM presence_samples");
    expect((await history.peaks("site", START_MS)).today?.count).toBe(4);
    other.exec("ROLLBACK");
    other.close();
    await history.close();
  });

  it("refuses a sample when it is not let go within seconds", async () => {
    const path = freshPath();
    const history = await openSqliteHistoryStore({ path });
    const other = new DatabaseSync(path);
    other.exec("BEGIN IMMEDIATE");
    await expect(addMinutes(history, 0, 1)).rejects.toMatchObject({ code: "PRESENCE_HISTORY_UNAVAILABLE" });
    other.close();
    await addMinutes(history, 0, 1);
    await history.close();
  });
});

describe("a file of another version", () => {
  it("is refused where it is newer, and left as it is", async () => {
    const path = freshPath();
    await (await openSqliteHistoryStore({ path })).close();
    const database = new DatabaseSync(path);
    database.exec("PRAGMA user_version = 99");
    database.close();
    await expect(openSqliteHistoryStore({ path })).rejects.toMatchObject({
      code: "PRESENCE_HISTORY_TOO_NEW",
      message: expect.stringContaining("99"),
    });
  });

  it("is brought to the newest with all it has", async () => {
    const path = freshPath();
    const history = await openSqliteHistoryStore({ path });
    await addMinutes(history, 0, 3);
    await history.close();
    const database = new DatabaseSync(path);
    migrate(database, path, [...MIGRATIONS, "ALTER TABLE presence_samples ADD COLUMN note TEXT"]);
    expect(
      database.prepare("SELECT count(*) AS rows, max(note) AS note FROM presence_samples").get(),
    ).toEqual({ rows: 5, note: null });
    expect(database.prepare("PRAGMA user_version").get()).toEqual({ user_version: MIGRATIONS.length + 1 });
    database.close();
  });

  it("stays what it was when a step of the way fails", async () => {
    const database = new DatabaseSync(":memory:");
    migrate(database, ":memory:");
    const broken = [...MIGRATIONS, "CREATE TABLE extra (a TEXT); CREATE TABLE extra (a TEXT)"];
    expect(() => migrate(database, ":memory:", broken)).toThrow(/already exists/);
    expect(database.prepare("PRAGMA user_version").get()).toEqual({ user_version: MIGRATIONS.length });
    expect(database.prepare("SELECT name FROM sqlite_schema WHERE name = 'extra'").all()).toEqual([]);
    database.close();
  });
});

describe("a file with more old rows than go at a time", () => {
  it("lets go of all of them", async () => {
    const history = await openSqliteHistoryStore({ path: freshPath() });
    await addMinutes(history, 0, 2_500);
    expect(await history.retain(START_MS + 40 * DAY_MS)).toEqual({ minutes: 2_500, hours: 0 });
    await history.close();
  });
});

/** The longest of so many turns of the event loop, in milliseconds. */
async function longestTurn(turns: number): Promise<number> {
  let longestMs = 0;
  for (let turn = 0; turn < turns; turn += 1) {
    const beganMs = performance.now();
    await new Promise((resolve) => {
      setTimeout(resolve, 1);
    });
    longestMs = Math.max(longestMs, performance.now() - beganMs);
  }
  return longestMs;
}
