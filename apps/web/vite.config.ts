import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import vue from "@vitejs/plugin-vue";
import { defineConfig, type Plugin } from "vite";

const api = process.env["PRESENCE_URL"] ?? "http://localhost:3000";
const routes = ["/v1", "/demo", "/widget.js", "/favicon.ico"];

/** Writes each text of the build a second time as `.gz`, so that the server need not compress. */
function zipped(): Plugin {
  return {
    name: "presence-zipped",
    apply: "build",
    async writeBundle({ dir = "dist" }, bundle) {
      const files = [...Object.keys(bundle), ...(await readdir(join(import.meta.dirname, "public")))].filter(
        (file) => /\.(?:js|css|html|svg)$/.test(file),
      );
      const zip = promisify(gzip);
      await Promise.all(
        files.map(async (file) => {
          const content = await readFile(join(dir, file));
          await writeFile(join(dir, `${file}.gz`), await zip(content, { level: 9 }));
        }),
      );
    },
  };
}

export default defineConfig({
  base: "/dashboard/",
  plugins: [vue(), zipped()],
  define: {
    __VUE_OPTIONS_API__: false,
    __VUE_I18N_FULL_INSTALL__: false,
    __VUE_I18N_LEGACY_API__: false,
    __INTLIFY_PROD_DEVTOOLS__: false,
  },
  // The policy allows no inline script and no data: but in images, so nothing may become either.
  build: { target: "es2022", modulePreload: { polyfill: false }, assetsInlineLimit: 0 },
  server: { proxy: Object.fromEntries(routes.map((route) => [route, api])) },
});
