import type { Plugin } from "rolldown";

/**
 * Parts of Node that libraries load as they start and few commands come to use, with what is asked of them. Each
 * takes 6 to 22 ms of processor time, where a whole `node -e 0` takes 25.
 */
const FUNCTIONS: Readonly<Record<string, readonly string[]>> = {
  assert: ["strictEqual", "notStrictEqual"],
  crypto: ["createHash", "createHmac", "randomBytes", "randomUUID", "timingSafeEqual"],
  tls: ["connect"],
};

const PREFIX = "\0lazy:";

/** Loads those parts of Node when a function of theirs is first called. */
export function lazyBuiltIns(): Plugin {
  return {
    name: "lazy-built-ins",
    resolveId(id, importer = "") {
      const name = id.replace(/^node:/, "");
      if (!(name in FUNCTIONS)) return null;
      return importer.startsWith(PREFIX) ? { id, external: true } : PREFIX + name;
    },
    load(id) {
      if (!id.startsWith(PREFIX)) return null;
      const name = id.slice(PREFIX.length);
      const functions = (FUNCTIONS[name] ?? []).map(
        (called) => `export const ${called} = (...args) => require("node:${name}").${called}(...args);`,
      );
      return functions.join("\n");
    },
  };
}
