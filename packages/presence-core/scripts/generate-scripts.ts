import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const LUA_FOLDER = new URL("../src/redis/lua/", import.meta.url);
const GENERATED_FILE = new URL("../src/redis/scripts.generated.ts", import.meta.url);

/** The TypeScript text that `src/redis/scripts.generated.ts` must hold for the `.lua` files beside it. */
export function generateScripts(): string {
  const scripts = readdirSync(LUA_FOLDER)
    .filter((file) => file.endsWith(".lua"))
    .toSorted()
    .map((file) => {
      const [name, keys] = file.slice(0, -".lua".length).split("-");
      const lua = readFileSync(new URL(file, LUA_FOLDER), "utf8");
      return `export const ${name}Script: LuaScript = { keys: ${keys}, lua: ${JSON.stringify(compact(lua))} };\n`;
    });
  return `// Generated from the .lua files beside it by scripts/generate-scripts.ts. Do not edit.\n\n${HEAD}\n${scripts.join("\n")}`;
}

/** Each call sends the text, so it travels without its comments and indentation. */
function compact(lua: string): string {
  return lua
    .replace(/--\[\[.*?\]\]/su, "")
    .split("\n")
    .map((line) => line.replace(/^\s*--.*$/u, "").trim())
    .filter((line) => line !== "")
    .join("\n");
}

const HEAD = `/** A Lua script and how many of its arguments are keys. */
export interface LuaScript {
  readonly keys: number;
  readonly lua: string;
}
`;

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(GENERATED_FILE, generateScripts());
