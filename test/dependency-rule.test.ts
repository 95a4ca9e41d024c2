import { describe, expect, it } from "vitest";
import { boundariesOfPlanted, lintPlanted, type Complaint } from "./support/planted.ts";
import { rooms } from "./support/repository.ts";

/** Who may import whom at run time: the arrows of docs/architecture.md, beside those of every app to every package. */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  "@presence/api-contract": [],
  "@presence/client": [],
  "@presence/client-address": [],
  "@presence/core": [],
  "@presence/history": [],
  "@presence/jobs": ["@presence/core", "@presence/history"],
  "@presence/middleware": ["@presence/core", "@presence/client-address", "@presence/client"],
  "@presence/service-kit": ["@presence/core"],
  "@presence/testkit": [],
  "@presence/widget": [],
};

const PLACES = rooms();
const APPS = PLACES.filter(({ folder }) => folder.startsWith("apps/")).map(({ name }) => name);

describe("the dependency rule", () => {
  it("knows an arrow list for every package", () => {
    const packages = PLACES.filter(({ folder }) => folder.startsWith("packages/"));
    expect(packages.map(({ name }) => name).filter((name) => ARROWS[name] === undefined)).toEqual([]);
  });

  it("refuses each import between two rooms that is no arrow, and no other", async () => {
    const pairs = PLACES.flatMap((from) =>
      PLACES.filter((to) => to !== from).map((to) => ({ from, to, file: plantedFile(from.folder, to.name) })),
    );
    const complaints = await lintPlanted(
      Object.fromEntries(pairs.map(({ to, file }) => [file, importing(to.name)])),
    );
    const refused = filesRefused(complaints);
    const wrong = pairs.filter(({ from, to, file }) => refused.has(file) === mayImport(from.name, to.name));
    expect(wrong.map(({ from, to }) => `${from.name} -> ${to.name}`)).toEqual([]);
  });

  it("sees an import that is a type, a dynamic one, one that exports again, and one of a part", async () => {
    const complaints = await lintPlanted({
      "packages/history/src/type.ts":
        'import type { thing } from "@presence/core";\nexport type T = thing;\n',
      "packages/history/src/dynamic.ts": 'export const thing = await import("@presence/core");\n',
      "packages/history/src/again.ts": 'export { thing } from "@presence/core";\n',
      "packages/history/src/part.ts": importing("@presence/core/redis"),
    });
    expect([...filesRefused(complaints)].toSorted()).toEqual([
      "packages/history/src/again.ts",
      "packages/history/src/dynamic.ts",
      "packages/history/src/part.ts",
      "packages/history/src/type.ts",
    ]);
  });

  it("lets the client take types of the contract and nothing that runs", async () => {
    const complaints = await lintPlanted({
      "packages/client/src/types.ts":
        'import type { thing } from "@presence/api-contract";\nexport type T = thing;\n',
      "packages/client/src/runs.ts": importing("@presence/api-contract"),
    });
    expect([...filesRefused(complaints)]).toEqual(["packages/client/src/runs.ts"]);
  });

  it("lets ioredis into the Redis store, the test kit and tests only", async () => {
    const allowed = [
      "packages/presence-core/src/redis.ts",
      "packages/presence-core/src/redis/planted.ts",
      "packages/presence-core/src/stores/redis-planted.ts",
      "packages/testkit/src/planted.ts",
      "packages/jobs/test/planted.ts",
      "apps/api/test/planted.ts",
      "test/planted.ts",
    ];
    const refused = [
      "packages/presence-core/src/presence.ts",
      "packages/presence-core/src/stores/memory-store.ts",
      ...[
        "jobs",
        "history",
        "client-address",
        "middleware",
        "service-kit",
        "client",
        "widget",
        "api-contract",
      ].map((folder) => `packages/${folder}/src/planted.ts`),
      ...["api", "cli", "scheduler", "web"].map((folder) => `apps/${folder}/src/planted.ts`),
    ];
    const complaints = await lintPlanted(
      Object.fromEntries([...allowed, ...refused].map((file) => [file, importing("ioredis")])),
    );
    expect([...filesRefused(complaints)].toSorted()).toEqual(refused.toSorted());
  });

  it("keeps other people's packages out of what promises to need nothing", async () => {
    const refused = ["packages/presence-core/src/planted.ts", "packages/api-contract/src/planted.ts"];
    const complaints = await lintPlanted(Object.fromEntries(refused.map((file) => [file, importing("koa")])));
    expect([...filesRefused(complaints)].toSorted()).toEqual(refused.toSorted());
  });

  it("sees by turbo boundaries a file of another package and a package nobody declared", async () => {
    const said = await boundariesOfPlanted({
      "packages/history/src/file.ts":
        'import { a } from "../../presence-core/src/presence.ts";\nexport const b = a;\n',
      "packages/history/src/undeclared.ts": importing("@presence/service-kit"),
    });
    expect(said).toContain("`../../presence-core/src/presence.ts` leaves the package");
    expect(said).toContain("cannot import package `@presence/service-kit`");
    expect(said).toContain("2 issues found");
  });
});

function mayImport(from: string, to: string): boolean {
  if (APPS.includes(to)) return false;
  return APPS.includes(from) ? to !== "@presence/testkit" : (ARROWS[from] ?? []).includes(to);
}

function plantedFile(folder: string, name: string): string {
  return `${folder}/src/planted-${name.replace("@presence/", "")}.ts`;
}

function importing(name: string): string {
  return `import { thing } from "${name}";\nexport const planted = thing;\n`;
}

function filesRefused(complaints: readonly Complaint[]): ReadonlySet<string> {
  return new Set(complaints.filter(({ rule }) => rule === "no-restricted-imports").map(({ file }) => file));
}
