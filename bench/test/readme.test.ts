import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { QUESTIONS } from "../src/questions/index.ts";

it("names every question in its README, in the words and the order of the report", () => {
  const readme = readFileSync(join(import.meta.dirname, "../README.md"), "utf8");
  const rows = readme.matchAll(/^\| `([a-z][a-z-]*)` \| (.*) \|$/gm);
  expect([...rows].map(([, name, asks]) => ({ name, asks }))).toEqual(
    QUESTIONS.map(({ name, asks }) => ({ name, asks })),
  );
});
