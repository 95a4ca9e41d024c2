import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { scratchFolder, startProcess } from "@presence/testkit";
import { expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "..");
const VITE = join(ROOT, "node_modules/vite/bin/vite.js");
const OF_THE_BUILD_BEFORE = "of-the-build-before.txt";

const startBuild = (folder: string) =>
  startProcess(process.execPath, [VITE, "build", "--outDir", folder], {
    cwd: ROOT,
    env: { NODE_ENV: "production" },
  });

/** What is in a folder; nothing where there is none at this moment. */
const namesIn = (folder: string) => readdir(folder).catch(() => null);

it("leaves the build before in its place until the next one is whole", async () => {
  const scratch = await scratchFolder("web-build");
  const place = join(scratch.path, "dist");
  await using first = await startBuild(place);
  expect(await first.exited).toMatchObject({ code: 0 });
  await writeFile(join(place, OF_THE_BUILD_BEFORE), "");

  await using second = await startBuild(place);
  const seen = new Set<string>();
  while (second.isRunning) {
    // oxlint-disable-next-line no-await-in-loop
    const names = await namesIn(place);
    if (names === null) continue;
    const whole = ["index.html", "index.html.gz", "demo.html", "assets"].every((name) =>
      names.includes(name),
    );
    seen.add(`${names.includes(OF_THE_BUILD_BEFORE) ? "before" : "after"}: ${whole ? "whole" : "a part"}`);
  }
  expect(await second.exited).toMatchObject({ code: 0 });
  expect([...seen]).toContain("before: whole");
  expect([...seen].filter((each) => each.endsWith("a part"))).toEqual([]);
  expect(await namesIn(place)).not.toContain(OF_THE_BUILD_BEFORE);
  await scratch.remove();
});
