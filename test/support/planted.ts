import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { scratchFolder } from "@presence/testkit";
import { runTool } from "./programs.ts";
import { ROOT, rooms } from "./repository.ts";

/** Files by path, each with its text. */
export type PlantedFiles = Readonly<Record<string, string>>;

/** One complaint of the linter. */
export interface Complaint {
  readonly file: string;
  readonly rule: string;
}

/** What the repository's lint settings say of files that are not in it. */
export async function lintPlanted(planted: PlantedFiles): Promise<readonly Complaint[]> {
  await using folder = await plant(planted, [".oxlintrc.jsonc"]);
  const { stdout } = await runTool("oxlint/bin/oxlint", ["--format=json"], folder.path);
  const { diagnostics } = JSON.parse(stdout) as {
    readonly diagnostics: readonly { readonly code: string; readonly filename: string }[];
  };
  return diagnostics.map(({ code, filename }) => ({
    file: filename.replaceAll("\\", "/"),
    rule: /\((.+)\)/.exec(code)?.[1] ?? code,
  }));
}

/** What `turbo boundaries` says of a workspace of the same packages that holds only these files. */
export async function boundariesOfPlanted(planted: PlantedFiles): Promise<string> {
  const manifests = rooms().map(({ folder }) => `${folder}/package.json`);
  const settings = ["package.json", "pnpm-workspace.yaml", "pnpm-lock.yaml", "turbo.json", ...manifests];
  await using folder = await plant(planted, settings);
  const { stdout, stderr } = await runTool("turbo/bin/turbo", ["boundaries", "--no-color"], folder.path);
  return `${stdout}${stderr}`;
}

async function plant(
  planted: PlantedFiles,
  copied: readonly string[],
): Promise<AsyncDisposable & { readonly path: string }> {
  const { path, remove } = await scratchFolder("planted");
  for (const file of copied) cpSync(join(ROOT, file), join(path, file));
  for (const [file, text] of Object.entries(planted)) {
    mkdirSync(dirname(join(path, file)), { recursive: true });
    writeFileSync(join(path, file), text);
  }
  return { path, [Symbol.asyncDispose]: remove };
}
