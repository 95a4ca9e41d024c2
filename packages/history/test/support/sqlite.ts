import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { scratchFolder } from "@presence/testkit";
import { beforeAll } from "vitest";
import { openSqliteHistoryStore } from "../../src/sqlite.ts";
import type { HistoryPlace } from "../../src/testing/index.ts";

let folder = "";

beforeAll(async () => {
  const scratch = await scratchFolder("history");
  folder = scratch.path;
  return () => scratch.remove();
});

/** A path of which there is no file yet, in a folder that goes with the tests. */
export function freshPath(): string {
  return join(folder, randomUUID(), "history.sqlite");
}

export async function freshSqlitePlace(): Promise<HistoryPlace> {
  const path = freshPath();
  return { open: (timeZone) => openSqliteHistoryStore({ path, timeZone }) };
}
