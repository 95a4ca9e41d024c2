import { readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import vue from "@vitejs/plugin-vue";
import { defineConfig, type Plugin } from "vite";

const api = process.env["PRESENCE_URL"] ?? "http://localhost:3000";
const routes = ["/v1", "/demo", "/widget.js", "/favicon.ico"];

/**
 * Writes each text of the build a second time as `.gz`, so that the server need not compress, and puts the whole in its
 * place by renaming: a server that starts during a build reads the one before, not the half of this one.
 */
function zippedInPlace(): Plugin {
  let place = "";
  // A build begins with an empty folder and takes seconds: it is made where nobody looks, on the same disk.
  let aside = "";
  return {
    name: "presence-zipped-in-place",
    apply: "build",
    config({ build }) {
      place = resolve(import.meta.dirname, build?.outDir ?? "dist");
      aside = `${place}-next-${process.pid}`;
      return { build: { outDir: aside, emptyOutDir: true } };
    },
    async writeBundle(_options, bundle) {
      const files = [...Object.keys(bundle), ...(await readdir(join(import.meta.dirname, "public")))].filter(
        (file) => /\.(?:js|css|html|svg)$/.test(file),
      );
      const zip = promisify(gzip);
      await Promise.all(
        files.map(async (file) => {
          const content = await readFile(join(aside, file));
          await writeFile(join(aside, `${file}.gz`), await zip(content, { level: 9 }));
        }),
      );
      const before = `${aside}-before`;
      await rename(place, before).catch(missingIsFine);
      await rename(aside, place);
      await rm(before, { recursive: true, force: true });
    },
  };
}

/** The first build has none before it. */
function missingIsFine(error: NodeJS.ErrnoException): void {
  if (error.code !== "ENOENT") throw error;
}

export default defineConfig({
  base: "/dashboard/",
  plugins: [vue(), zippedInPlace()],
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
