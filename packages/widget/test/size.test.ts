import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { WIDGET_FILE } from "./support/built.ts";

const BUDGET_BYTES = 2048;

it("is at most 2 KB gzip, in one file that loads no other", () => {
  const script = readFileSync(WIDGET_FILE, "utf8");
  const bytes = gzipSync(script, { level: 9 }).length;
  console.log(`widget.js: ${bytes} bytes gzip, budget ${BUDGET_BYTES}`);
  expect(bytes).toBeLessThanOrEqual(BUDGET_BYTES);
  expect(script).not.toMatch(/\bimport\s*[({"'`\w]/);
});
