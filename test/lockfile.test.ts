import { describe, expect, it } from "vitest";
import { files, read, rooms } from "./support/repository.ts";

const lockfile = read("pnpm-lock.yaml");
const workspace = read("pnpm-workspace.yaml");

describe("the lockfile", () => {
  it("holds no address to download from, so that each machine's registry serves it", () => {
    expect(lockfile.match(/^.*(?:https?:|tarball:|git\+|ssh:).*$/gm)).toBeNull();
  });

  it.each(["mongodb", "bson", "ioredis", "koa", "zod", "vue"])("holds one version of %s", (name) => {
    expect(versionsOf(name)).toHaveLength(1);
  });

  it("has an integrity for every package that comes from a registry", () => {
    const packages = lockfile.slice(lockfile.indexOf("\npackages:"), lockfile.indexOf("\nsnapshots:"));
    const names = packages.match(/^ {2}\S.*:$/gm) ?? [];
    expect(names.length).toBeGreaterThan(100);
    expect(packages.match(/resolution: \{integrity: sha512-/g)).toHaveLength(names.length);
  });
});

describe("the workspace", () => {
  it("takes every version from the catalog", () => {
    const versions = rooms().flatMap(({ folder, manifest }) =>
      Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }).map(
        ([name, version]) => `${folder}: ${name} ${version}`,
      ),
    );
    expect(versions.filter((line) => !/ (?:catalog:\w*|workspace:\*)$/.test(line))).toEqual([]);
  });

  it("pins each version in the catalog exactly", () => {
    const pins = workspace.match(/^ {2,4}"?[@\w/.-]+"?: .*\d.*$/gm) ?? [];
    expect(pins.length).toBeGreaterThan(20);
    expect(pins.filter((line) => !/: \d+\.\d+\.\d+$/.test(line))).toEqual([]);
  });

  it("waits three days for a release and runs no build script but node's", () => {
    expect(workspace).toMatch(/^minimumReleaseAge: 4320$/m);
    expect(workspace).toMatch(/^strictDepBuilds: true$/m);
    expect(workspace).toMatch(/^allowBuilds:\n {2}node: true\n(?! )/m);
  });

  it("leaves the choice of a registry to the machine", () => {
    expect(files(["**/.npmrc", "**/.yarnrc*"])).toEqual([]);
    expect(workspace).not.toMatch(/registr/i);
  });
});

function versionsOf(name: string): readonly string[] {
  const entries = lockfile.matchAll(/^ {2}'?(@?[^@'\s]+)@(\d[^:('\s]*)'?:$/gm);
  return [
    ...new Set([...entries].filter(([, found]) => found === name).map(([, , version]) => version ?? "")),
  ];
}
