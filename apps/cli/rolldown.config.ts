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
  plugins: [lazyBuiltIns(), plainWidth(), licences()],
  output: {
    dir: "dist",
    cleanDir: true,
    chunkFileNames: "[name]-[hash].js",
    // Half the bytes to read; names are kept for whoever reports a mistake.
    minify: { compress: true, mangle: false, codegen: true },
  },
});
