import type Router from "@koa/router";
import type { AppDeps } from "../app-deps.ts";
import { openToEveryone } from "../http/cors.ts";
import { refuse } from "../http/problem.ts";
import type { PageFile } from "../static/page-files.ts";
import { missingPages } from "../static/pages.ts";
import { sendFile } from "../static/send-file.ts";

const DASHBOARD = "/dashboard/";
const HASHED = /^assets\//;
/** Views of the dashboard are plain words; whatever else is asked for is a file or nothing. */
const VIEW = /^[a-z/-]*$/;

/** No inline script or style, no other host, no frame around it, and no text of anybody taken for markup. */
const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
  "font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; " +
  "require-trusted-types-for 'script'; ";
/** Vue makes the markup of its own compiled templates. */
const DASHBOARD_POLICY = `${PAGE_POLICY}trusted-types vue`;
const DEMO_POLICY = `${PAGE_POLICY}trusted-types 'none'`;

/** The dashboard, the demo page and the widget. None of them counts who asks for it. */
export function pageRoutes(router: Router, { pages }: AppDeps): void {
  const { dashboard, widget } = pages;

  router.get(/^\/dashboard\/.*$/, (ctx) => {
    const name = ctx.path.slice(DASHBOARD.length);
    const file = dashboard.get(name);
    if (file !== undefined && !isPage(file)) {
      sendFile(ctx, file, HASHED.test(name) ? "forever" : "hour");
      return;
    }
    if (!VIEW.test(name))
      throw refuse("PRESENCE_NOT_FOUND", "There is nothing at this path of the dashboard.");
    ctx.set("Content-Security-Policy", DASHBOARD_POLICY);
    ctx.set("Cross-Origin-Opener-Policy", "same-origin");
    sendFile(ctx, built(dashboard.get("index.html")), "ask");
  });
  router.get("/dashboard", (ctx) => ctx.redirect(DASHBOARD));

  router.get("/demo", (ctx) => {
    ctx.set("Content-Security-Policy", DEMO_POLICY);
    sendFile(ctx, built(dashboard.get("demo.html")), "ask");
  });

  router.get("/widget.js", (ctx) => {
    openToEveryone(ctx);
    sendFile(ctx, built(widget ?? undefined), "hour");
  });

  router.get("/favicon.ico", (ctx) => sendFile(ctx, built(dashboard.get("favicon.ico")), "hour"));

  function built(file: PageFile | undefined): PageFile {
    if (file !== undefined) return file;
    throw refuse("PRESENCE_NOT_FOUND", missingPages(pages) ?? "This server was built without that page.");
  }
}

function isPage({ mediaType }: PageFile): boolean {
  return mediaType.startsWith("text/html");
}
