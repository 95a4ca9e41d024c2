import { defineConfig } from "rolldown";
import { lazyBuiltIns } from "./scripts/lazy-built-ins.ts";
import { licences } from "./scripts/licences.ts";
import { plainWidth } from "./scripts/plain-width.ts";

// Most of a short command's time went into finding and reading 300 small files: it is one file a command, with what
// commands share beside them.
export default defineConfig({
  input: { main: "src/main.ts" },
  platform: "node",
  // Large, and loaded by what asks MongoDB alone.
  external: ["mongodb"],
  resolve: { conditionNames: ["@presence/source", "node", "import", "default"] },
  // Where yargs looks for a file of settings, which it is never told of.
  checks: { emptyImportMeta: false },
  plugins: [lazyBuiltIns(), plainWidth(), licences()],
  output: {
    dir: "dist",
    cleanDir: true,
    // A module would load what `fs` and `util` only name, streams, workers and readline among it, to list their exports.
    format: "cjs",
    entryFileNames: "[name].cjs",
    chunkFileNames: "[name]-[hash].cjs",
    // Half the bytes to read; names are kept for whoever reports a mistake.
    minify: { compress: true, mangle: false, codegen: true },
  },
});
