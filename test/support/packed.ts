import { join } from "node:path";
import { scratchFolder } from "@presence/testkit";
import { type Ended, run } from "./programs.ts";
import { rooms, ROOT } from "./repository.ts";

/** Tarballs of packages as they would be published, by name. */
export interface PackedPackages extends AsyncDisposable {
  /** The tarball of a package. */
  tarball(name: string): string;
  /** The tarballs of a package and of all packages of ours that it needs. */
  tarballs(name: string): readonly string[];
}

/** Packs these packages, which are built, and all packages of ours that they need. */
export async function packPackages(names: readonly string[]): Promise<PackedPackages> {
  const folder = await scratchFolder("packed");
  const all = [...new Set(names.flatMap(withDependencies))];
  const filters = all.flatMap((name) => ["--filter", name]);
  const args = ["-y", "pnpm@12", ...filters, "pack", "--json", "--pack-destination", folder.path];
  const { stdout } = succeeded(await run("npx", args, { cwd: ROOT }));
  const packed = JSON.parse(stdout) as readonly { readonly name: string; readonly filename: string }[];
  const files = new Map(packed.map(({ name, filename }) => [name, filename]));
  const tarball = (name: string): string => {
    const file = files.get(name);
    if (file === undefined) throw new Error(`${name} was not packed`);
    return file;
  };
  return {
    tarball,
    tarballs: (name) => withDependencies(name).map(tarball),
    [Symbol.asyncDispose]: () => folder.remove(),
  };
}

/** Installs into a folder what npm takes: tarballs, names with versions. */
export async function npmInstall(folder: string, wanted: readonly string[]): Promise<void> {
  const args = ["install", "--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"];
  succeeded(await run("npm", [...args, ...wanted], { cwd: folder }));
}

/** A program of an installed package. */
export function installedProgram(folder: string, name: string): string {
  return join(folder, "node_modules/.bin", name);
}

/** What a program did, where that is what it was to do. */
export function succeeded(ended: Ended): Ended {
  if (ended.code === 0) return ended;
  throw new Error(`it ended with ${ended.code}:\n${ended.stdout}${ended.stderr}`);
}

function withDependencies(name: string): readonly string[] {
  const room = rooms().find((found) => found.name === name);
  if (room === undefined) return [];
  const needed = Object.keys(room.manifest.dependencies ?? {});
  return [...new Set([name, ...needed.flatMap(withDependencies)])];
}
