import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { generateScripts } from "../../scripts/generate-scripts.ts";

it("sends the Lua of the .lua files: scripts.generated.ts is fresh", () => {
  const generated = readFileSync(new URL("../../src/redis/scripts.generated.ts", import.meta.url), "utf8");
  expect(generated).toBe(generateScripts());
});
