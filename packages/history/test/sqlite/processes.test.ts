import { fileURLToPath } from "node:url";
import { startProcess, waitUntil } from "@presence/testkit";
import { describe, expect, it } from "vitest";
import type { HistoryPoint } from "../../src/index.ts";
import { openSqliteHistoryStore } from "../../src/sqlite.ts";
import { freshPath } from "../support/sqlite.ts";

const WRITER = fileURLToPath(new URL("../support/sample-writer.ts", import.meta.url));
const START_MS = Date.UTC(2026, 10, 24);
const MINUTE_MS = 60_000;
const PER_MINUTE = 6;

function startWriter(path: string, first: number, stride: number, times: number) {
  const args = ["--conditions=@presence/source", WRITER, path, START_MS, first, stride, times];
  return startProcess(process.execPath, args.map(String));
}

async function minutes(path: string, from: number, until: number): Promise<readonly HistoryPoint[]> {
  const history = await openSqliteHistoryStore({ path });
  try {
    const [fromMs, toMs] = [START_MS + from * MINUTE_MS, START_MS + until * MINUTE_MS];
    return await history.range("site", { step: "minute", fromMs, toMs });
  } finally {
    await history.close();
  }
}

/** The minute of samples 6 * minute and on, of which `samples` were kept. */
function minuteOf(minute: number, samples: number = PER_MINUTE): HistoryPoint {
  const first = minute * PER_MINUTE;
  const last = first + samples - 1;
  return {
    atMs: START_MS + minute * MINUTE_MS,
    min: first,
    max: last,
    maxAtMs: START_MS + last * 10_000,
    last,
  };
}

describe("a file of several processes", () => {
  it("keeps everything they add at once, from the moment none of them had made it", async () => {
    const path = freshPath();
    const writers = await Promise.all([0, 1, 2, 3].map((first) => startWriter(path, first, 4, 150)));
    for (const { exited } of writers) expect(await exited).toEqual({ code: 0, signal: null });
    expect(await minutes(path, 0, 100)).toEqual(Array.from({ length: 100 }, (_, minute) => minuteOf(minute)));
  });
});

describe("a file whose process is killed", () => {
  it("has lost nothing that was added, 20 times in a row", { timeout: 120_000 }, async () => {
    const path = freshPath();
    let next = 0;
    for (let round = 1; round <= 20; round += 1) {
      const writer = await startWriter(path, next, 1, 0);
      const enough = next + 7 * round;
      await waitUntil(() => lastLine(writer.stdout) >= enough, { timeoutMs: 30_000 });
      await writer.kill();
      const acknowledged = lastLine(writer.stdout);
      const kept = await lastKept(path, acknowledged);
      // The one under way when the process died is all that may be there or not.
      expect([acknowledged, acknowledged + 1]).toContain(kept);
      next = kept + 1;
    }
    for (let minute = 0; (minute + 1) * PER_MINUTE <= next; minute += 1_000) {
      const until = Math.min(minute + 1_000, Math.floor(next / PER_MINUTE));
      const expected = Array.from({ length: until - minute }, (_, index) => minuteOf(minute + index));
      expect(await minutes(path, minute, until)).toEqual(expected);
    }
  });
});

function lastLine(output: string): number {
  // What follows the last line end was cut off by the kill.
  return Number(output.slice(0, output.lastIndexOf("\n")).split("\n").at(-1) || -1);
}

/** The latest sample there is, at or a little after index `near`; its minute is whole up to it. */
async function lastKept(path: string, near: number): Promise<number> {
  const minute = Math.floor(near / PER_MINUTE);
  const points = await minutes(path, minute, minute + 3);
  const latest = points.findLast(({ last }) => last !== null);
  const kept = latest?.last ?? -1;
  expect(latest).toEqual(minuteOf(Math.floor(kept / PER_MINUTE), (kept % PER_MINUTE) + 1));
  return kept;
}
