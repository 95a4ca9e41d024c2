import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { accessLogLines, scratchFolder, writeAccessLog } from "../src/index.ts";

describe("accessLogLines", () => {
  it("writes the combined format", () => {
    const [line = ""] = accessLogLines({ lines: 1 });
    expect(line).toMatch(
      /^10\.0\.0\.\d+ - - \[01\/Jan\/2026:00:00:00 \+0000\] "GET \/\S* HTTP\/1\.1" 200 512 "-" "Mozilla/,
    );
  });

  it("writes the common format and JSON", () => {
    expect([...accessLogLines({ lines: 1, format: "common" })][0]).toMatch(/200 512$/);
    const json: unknown = JSON.parse([...accessLogLines({ lines: 1, format: "json" })][0] ?? "");
    expect(json).toMatchObject({ time: "2026-01-01T00:00:00.000Z" });
  });

  it("is the same for the same seed and another for another", () => {
    const [first, again, other] = [7, 7, 8].map((seed) => [...accessLogLines({ lines: 50, seed })]);
    expect(first).toEqual(again);
    expect(first).not.toEqual(other);
  });

  it("keeps to its span, in order without disorder and out of it by no more than asked", () => {
    expect(times(0)).toEqual(times(0).toSorted((a, b) => a - b));
    const late = times(60_000);
    expect(late).not.toEqual(late.toSorted((a, b) => a - b));
    let latest = 0;
    for (const time of late) {
      latest = Math.max(latest, time);
      expect(latest - time).toBeLessThanOrEqual(60_000);
    }
  });

  it("fills a file", async () => {
    const folder = await scratchFolder("log");
    const path = await writeAccessLog(folder.path, { lines: 1_000, visitors: 100 });
    const lines = (await readFile(path, "utf8")).trimEnd().split("\n");
    expect(lines).toHaveLength(1_000);
    expect(new Set(lines.map((line) => line.split(" ")[0])).size).toBeGreaterThan(80);
    await folder.remove();
  });
});

/** When each line says it was, in the order of the file. */
function times(disorderMs: number): number[] {
  return [...accessLogLines({ lines: 500, spanMs: 600_000, disorderMs, format: "json" })].map((line) =>
    Date.parse(/"time":"([^"]+)"/.exec(line)?.[1] ?? ""),
  );
}
