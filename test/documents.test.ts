import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { startProcess } from "@presence/testkit";
import { describe, expect, it } from "vitest";
import { ROOT } from "./support/repository.ts";

const DOCUMENTS = globSync(["*.md", "docs/**/*.md"], { cwd: ROOT }).toSorted();
const text = (document: string): string => readFileSync(join(ROOT, document), "utf8");

/** The lines of a document's fenced blocks in some languages. */
function codeLines(document: string, languages: readonly string[]): readonly string[] {
  return [...text(document).matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)]
    .filter(([, language]) => languages.includes(language ?? ""))
    .flatMap(([, , code = ""]) => code.split("\n"))
    .filter((line) => line !== "");
}

describe.each(DOCUMENTS)("%s", (document) => {
  it("links to what is there", () => {
    const links = [...text(document).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, target = ""]) => target);
    const missing = links.filter((target) => !existsSync(join(ROOT, dirname(document), target)));
    expect(missing).toEqual([]);
  });

  it("names variables and codes that there are", () => {
    const known = text(".env.example") + text("packages/api-contract/src/problem-codes.ts");
    const named = [...text(document).matchAll(/`(PRESENCE_[A-Z_0-9]+)[`=]/g)].map(([, name = ""]) => name);
    expect(named.filter((name) => !known.includes(name))).toEqual([]);
  });

  it("names scripts that are there", () => {
    const manifest = JSON.parse(text("package.json")) as {
      readonly scripts: Readonly<Record<string, string>>;
    };
    const named = codeLines(document, ["sh"]).flatMap(
      (line) => /^npx (?:-y )?pnpm@12 (?:run )?([\w:]+)/.exec(line)?.[1] ?? [],
    );
    expect(named.filter((name) => manifest.scripts[name] === undefined)).toEqual([]);
  });
});

describe("commands in the documents", () => {
  const lines = DOCUMENTS.flatMap((document) =>
    codeLines(document, ["sh"])
      .map((line) => line.replace(/^npx /, "").replace(/ +#.*$/, ""))
      .filter((line) => line.startsWith("presence-cli "))
      .map((line) => ({ document, line })),
  );

  it("are some", () => {
    expect(lines.length).toBeGreaterThan(10);
  });

  it.each(lines)("$line is one that presence-cli has", async ({ line }) => {
    const [, command = "", ...words] = line.split(" ");
    await using cli = await startProcess(process.execPath, [
      "--conditions=@presence/source",
      join(ROOT, "apps/cli/src/main.ts"),
      command,
      "--help",
    ]);
    const { code } = await cli.exited;
    expect(code).toBe(0);
    for (const flag of words.filter((word) => word.startsWith("--"))) expect(cli.stdout).toContain(flag);
  });
});
