import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";

const TSC = fileURLToPath(new URL("./node_modules/typescript/bin/tsc", import.meta.url));

/** Writes the types beside the script; Vite makes none. */
const declarations: Plugin = {
  name: "declarations",
  closeBundle() {
    const args = [TSC, "-p", "tsconfig.build.json"];
    const { status } = spawnSync(process.execPath, args, { cwd: import.meta.dirname, stdio: "inherit" });
    if (status !== 0) this.error("the types could not be written");
  },
};

// One file, no imports, nothing for older browsers: what `<script type="module" src="…/widget.js">` loads.
export default defineConfig({
  plugins: [declarations],
  build: {
    target: "es2022",
    lib: { entry: "src/widget.ts", formats: ["es"], fileName: () => "widget.js" },
    // Vite leaves the spaces in an ES library for bundlers' sake; this one is served as it is.
    rolldownOptions: { output: { minify: true } },
  },
});
