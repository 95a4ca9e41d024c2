import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's folder, without a slash at the end. */
export const ROOT: string = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** A file of the repository as text. */
export function read(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}

/** Files of the repository, without what is installed, built or ignored, with forward slashes, in order. */
export function files(patterns: string | readonly string[]): readonly string[] {
  const found = globSync([patterns].flat(), {
    cwd: ROOT,
    exclude: (path) => /(?:^|[\\/])(?:node_modules|dist|\.cache|\.turbo|\.test-results)$/.test(path),
  });
  return found.map((path) => path.replaceAll("\\", "/")).toSorted();
}

/** One of the packages and apps. */
export interface Room {
  /** `packages/presence-core` */
  readonly folder: string;
  /** `@presence/core` */
  readonly name: string;
  readonly manifest: Manifest;
}

/** The part of a package.json that tests look at. */
export interface Manifest {
  readonly name: string;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** Every package and app there is. */
export function rooms(): readonly Room[] {
  return files(["packages/*/package.json", "apps/*/package.json"]).map((path) => {
    const manifest = readManifest(path);
    return { folder: path.replace("/package.json", ""), name: manifest.name, manifest };
  });
}

export function readManifest(path: string): Manifest {
  return JSON.parse(read(path)) as Manifest;
}

/** The version that the catalog pins a package at. */
export function catalogVersion(name: string): string {
  const lines = read("pnpm-workspace.yaml").replaceAll('"', "").split("\n");
  const version = lines.find((line) => line.startsWith(`  ${name}: `))?.split(": ")[1];
  if (version === undefined) throw new Error(`${name} is not in the catalog`);
  return version;
}
