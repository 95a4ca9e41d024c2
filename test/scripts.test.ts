import { describe, expect, it } from "vitest";
import { readManifest, rooms } from "./support/repository.ts";

const root = readManifest("package.json");
const scripts = [{ folder: ".", manifest: root }, ...rooms()].flatMap(({ folder, manifest }) =>
  Object.entries(manifest.scripts ?? {}).map(([name, line]) => ({ where: `${folder}: ${name}`, line })),
);
const NPM_PROGRAMS = [
  "node",
  "oxfmt",
  "oxlint",
  "publint",
  "rolldown",
  "tsc",
  "turbo",
  "vite",
  "vitest",
  "vue-tsc",
];

describe("package scripts", () => {
  it("use no feature of a shell, so that they run on Linux, macOS and Windows alike", () => {
    // Joining, redirecting, globbing, quoting, expanding and setting variables all differ between shells.
    const shellFeature = /[&|;<>*?$`'"()\\~]|^\w+=/;
    expect(scripts.length).toBeGreaterThan(30);
    expect(scripts.filter(({ line }) => shellFeature.test(line))).toEqual([]);
  });

  it("run programs that npm packages bring, nothing of the machine", () => {
    expect(scripts.filter(({ line }) => !NPM_PROGRAMS.includes(line.split(" ")[0] ?? ""))).toEqual([]);
  });

  it("have the same verbs in every room that can be built, checked and tested", () => {
    const incomplete = rooms().filter(({ manifest: { scripts: own = {} } }) =>
      ["build", "typecheck", "test"].some((verb) => own[verb] === undefined),
    );
    expect(incomplete.map(({ name }) => name)).toEqual([]);
  });
});
