import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { placeholdersOf } from "../src/lib/finding-words.ts";
import { FINDING_WORDS } from "../src/locales/findings-zh-cn.ts";
import { en } from "../src/locales/en.ts";
import { zhCn } from "../src/locales/zh-cn.ts";

/** Every text by its path. */
function texts(tree: object, path = ""): [string, string][] {
  return Object.entries(tree).flatMap(([name, value]): [string, string][] =>
    typeof value === "string" ? [[path + name, value]] : texts(value, `${path}${name}.`),
  );
}

const placeholders = (text: string) => [...new Set(text.match(/\{\w+\}/g))].toSorted();

it("has every text in both languages, with the same values in it", () => {
  const chinese = new Map(texts(zhCn));
  expect([...chinese.keys()].toSorted()).toEqual(
    texts(en)
      .map(([path]) => path)
      .toSorted(),
  );
  for (const [path, text] of texts(en))
    expect([path, placeholders(chinese.get(path) ?? "")]).toEqual([path, placeholders(text)]);
});

it("leaves no text empty", () => {
  for (const [path, text] of [...texts(en), ...texts(zhCn)])
    expect([path, text.trim()]).not.toEqual([path, ""]);
});

const FINDINGS = join(import.meta.dirname, "../../api/src/diagnostics/findings");

/** What the server's sources say from one finding's code to the next one's. */
function findingsOfServer(): ReadonlyMap<string, string> {
  const sources = globSync("*.ts", { cwd: FINDINGS }).map((file) =>
    readFileSync(join(FINDINGS, file), "utf8"),
  );
  const found = sources.flatMap((source) => source.split(/(?=code: ["`])/).slice(1));
  return new Map(
    found.flatMap((text): [string, string][] => {
      const code = /^code: ["`]([^"`]+)/.exec(text)?.[1] ?? "";
      return code.startsWith("${what}")
        ? ["request", "sighting"].map((what) => [code.replace("${what}", what), text])
        : [[code, text]];
    }),
  );
}

it("has Chinese words for every finding of the server, with the same variables in its remedy", () => {
  const findings = findingsOfServer();
  expect(findings.size).toBeGreaterThan(25);
  expect(Object.keys(FINDING_WORDS).toSorted()).toEqual([...findings.keys()].toSorted());
  for (const [code, text] of findings) {
    const remedy = /remedy:([\s\S]*?)(?:,\n\s*\}|$)/.exec(text)?.[1] ?? "";
    const missing = [...remedy.matchAll(/PRESENCE_[A-Z_0-9]+/g)]
      .map(([name]) => name)
      .filter((name) => FINDING_WORDS[code]?.remedy.includes(name) !== true);
    expect([code, missing]).toEqual([code, []]);
  }
});

it("has room in its Chinese words only for values that the server sends with the finding", () => {
  for (const [code, text] of findingsOfServer()) {
    const values = /values: (\{[\s\S]*?\}),\n/.exec(text)?.[1] ?? "";
    const words = FINDING_WORDS[code];
    const unknown = placeholdersOf(`${words?.detail} ${words?.remedy}`).filter(
      (name) => !new RegExp(`\\b${name}\\b`).test(values),
    );
    expect([code, unknown]).toEqual([code, []]);
  }
});
