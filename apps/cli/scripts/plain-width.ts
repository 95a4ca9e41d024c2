import type { Plugin } from "rolldown";

const WIDTH = "\0plain-width";

/**
 * Has help texts, which are plain ASCII, measured by their length: what measures emoji compiles the tables of
 * Unicode first, 25 ms. Tables, which show what visitors sent, are measured as before, by cli-table3's own.
 */
export function plainWidth(): Plugin {
  return {
    name: "plain-width",
    resolveId(id, importer = "") {
      return id === "string-width" && /\/(?:yargs|cliui|wrap-ansi)\//.test(importer) ? WIDTH : null;
    },
    load(id) {
      if (id !== WIDTH) return null;
      return 'import { stripVTControlCharacters } from "node:util"; export default (text) => stripVTControlCharacters(text).length;';
    },
  };
}
