import { mkdir, writeFile } from "node:fs/promises";
import { type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from "node:http";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { scratchFolder } from "@presence/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadPages, type Pages } from "../src/static/pages.ts";
import { problemOf, startTestApi, type TestApi } from "./support/api.ts";

const INDEX = "<!doctype html><title>Presence</title>";
const SCRIPT = `export const words = "${"visitor ".repeat(200)}";`;
const SECRET = "what no page may show";

let folder: Awaited<ReturnType<typeof scratchFolder>>;
let pages: Pages;

beforeAll(async () => {
  folder = await scratchFolder("pages");
  const files = {
    "secret.js": SECRET,
    "dashboard/index.html": INDEX,
    "dashboard/demo.html": "<!doctype html><title>A page</title>",
    "dashboard/demo.css": "body{}",
    "dashboard/favicon.ico": "an icon",
    "dashboard/favicon.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
    "dashboard/assets/index-Bznu.js": SCRIPT,
    "dashboard/assets/index-Bznu.js.gz": gzipSync(SCRIPT),
    "widget/widget.js": "customElements;",
  };
  await mkdir(join(folder.path, "dashboard/assets"), { recursive: true });
  await mkdir(join(folder.path, "widget"));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder.path, name), text);
  pages = await loadPages({
    dashboard: join(folder.path, "dashboard"),
    widget: join(folder.path, "widget"),
  });
});
afterAll(() => folder.remove());

const start = (): Promise<TestApi> => startTestApi({ pages });

describe("the dashboard", () => {
  it.each(["/dashboard/", "/dashboard/visitors", "/dashboard/no-such-view"])(
    "is one page, at %s too, that no other site may change or frame",
    async (path) => {
      const api = await start();
      const page = await api.get(path);
      expect([page.status, await page.text()]).toEqual([200, INDEX]);
      expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
      const policy = page.headers.get("content-security-policy") ?? "";
      expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self';/);
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toMatch(/unsafe|\*|https?:/);
      expect(page.headers.get("x-content-type-options")).toBe("nosniff");
      expect(page.headers.has("access-control-allow-origin")).toBe(false);
    },
  );

  it("has its slash added", async () => {
    const api = await start();
    const answer = await api.get("/dashboard");
    expect([answer.status, answer.headers.get("location")]).toEqual([302, "/dashboard/"]);
  });

  it("is asked for anew each time, and sent only when it has changed", async () => {
    const api = await start();
    const first = await api.get("/dashboard/");
    expect(first.headers.get("cache-control")).toBe("no-cache");
    const etag = first.headers.get("etag") ?? "";
    const known = { "Accept-Encoding": "gzip", "Cache-Control": "max-age=0" };
    expect(await rawGet(api, "/dashboard/", { ...known, "If-None-Match": etag })).toMatchObject({
      status: 304,
      body: "",
      headers: { "content-security-policy": expect.stringContaining("script-src 'self'") },
    });
    expect(await rawGet(api, "/dashboard/", { ...known, "If-None-Match": '"other"' })).toMatchObject({
      status: 200,
    });
  });

  it("lets a browser keep for ever what has its version in its name, and other files for an hour", async () => {
    const api = await start();
    const cacheOf = async (path: string) => (await api.get(path)).headers.get("cache-control");
    expect(await cacheOf("/dashboard/assets/index-Bznu.js")).toBe("public, max-age=31536000, immutable");
    expect(await cacheOf("/dashboard/favicon.svg")).toBe("public, max-age=3600");
  });

  it("comes packed to who takes that, and as it is to who does not, under another tag", async () => {
    const api = await start();
    const get = (encoding: string) =>
      api.get("/dashboard/assets/index-Bznu.js", { headers: { "Accept-Encoding": encoding } });
    const [packed, plain] = [await get("gzip, deflate, br"), await get("identity")];
    expect(packed.headers.get("content-encoding")).toBe("gzip");
    expect(Number(packed.headers.get("content-length"))).toBeLessThan(SCRIPT.length / 10);
    expect(plain.headers.has("content-encoding")).toBe(false);
    expect(Number(plain.headers.get("content-length"))).toBe(SCRIPT.length);
    for (const answer of [packed, plain]) {
      expect(answer.headers.get("vary")).toContain("Accept-Encoding");
      expect(answer.headers.get("content-type")).toBe("text/javascript; charset=utf-8");
      expect(await answer.text()).toBe(SCRIPT);
    }
    expect(packed.headers.get("etag")).not.toBe(plain.headers.get("etag"));
    expect((await get("br")).headers.has("content-encoding")).toBe(false);
  });

  it("answers HEAD as GET, without the body", async () => {
    const api = await start();
    const answer = await api.get("/dashboard/", {
      method: "HEAD",
      headers: { "Accept-Encoding": "identity" },
    });
    expect([answer.status, answer.headers.get("content-length"), await answer.text()]).toEqual([
      200,
      String(INDEX.length),
      "",
    ]);
  });

  it.each(["/dashboard/assets/gone.js", "/dashboard/index.html", "/dashboard/demo.html", "/dashboard/x.png"])(
    "answers 404 to %s, and counts nobody",
    async (path) => {
      const api = await start();
      expect(await problemOf(await api.visit("203.0.113.1", path))).toMatchObject({
        code: "PRESENCE_NOT_FOUND",
      });
      expect(await api.num()).toBe(0);
    },
  );

  it("answers 405 to another method", async () => {
    const api = await start();
    const answer = await api.get("/dashboard/", { method: "POST" });
    expect([answer.status, answer.headers.get("allow")]).toEqual([405, "GET, HEAD, OPTIONS"]);
  });

  it.each([
    "/dashboard/../secret.js",
    "/dashboard/assets/../../secret.js",
    "/dashboard/%2e%2e/secret.js",
    "/dashboard/..%2fsecret.js",
    "/dashboard/..%5csecret.js",
    String.raw`/dashboard/..\secret.js`,
    "/dashboard/%252e%252e%252fsecret.js",
    "/dashboard/..;/secret.js",
    "/dashboard/%00../secret.js",
    "/dashboard/assets/index-Bznu.js%00.html",
    "/dashboard//../secret.js",
    "/dashboard/%c0%ae%c0%ae/secret.js",
    "/dashboard/%",
    "//dashboard/../secret.js",
  ])("shows nothing from outside of its folder at %s", async (path) => {
    const api = await start();
    const { status, body } = await rawGet(api, path);
    expect(status).toBe(404);
    expect(body).toContain("PRESENCE_NOT_FOUND");
    expect(body).not.toContain(SECRET);
  });
});

describe("the pages beside it", () => {
  it("serves the demo under a policy as strict", async () => {
    const api = await start();
    const page = await api.get("/demo");
    expect([page.status, page.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
    expect(page.headers.get("content-security-policy")).toMatch(/^default-src 'none'; script-src 'self'/);
    expect(page.headers.get("content-security-policy")).not.toContain("unsafe");
  });

  it("serves the widget to pages of every origin", async () => {
    const api = await start();
    const script = await api.get("/widget.js", { headers: { Origin: "https://shop.example" } });
    expect(await script.text()).toBe("customElements;");
    expect(Object.fromEntries(script.headers)).toMatchObject({
      "access-control-allow-origin": "*",
      "cross-origin-resource-policy": "cross-origin",
      "content-type": "text/javascript; charset=utf-8",
      "cache-control": "public, max-age=3600",
    });
    expect(script.headers.has("access-control-allow-credentials")).toBe(false);
  });

  it("serves the icon that browsers ask for by themselves", async () => {
    const api = await start();
    const icon = await api.get("/favicon.ico");
    expect([icon.status, icon.headers.get("content-type"), await icon.text()]).toEqual([
      200,
      "image/x-icon",
      "an icon",
    ]);
  });
});

it.each(["/dashboard/", "/demo", "/widget.js"])("says what to build where %s was not", async (path) => {
  const api = await startTestApi({
    pages: await loadPages({
      dashboard: join(folder.path, "none"),
      widget: join(folder.path, "none"),
    }),
  });
  const { detail } = await problemOf(await api.get(path));
  expect(detail).toContain("pnpm --filter @presence/web build");
  expect(detail).toContain("pnpm --filter @presence/widget build");
});

interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A request whose path and headers no client library makes tidy. */
function rawGet({ url }: TestApi, path: string, headers: OutgoingHttpHeaders = {}): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    request({ hostname, port, path, headers }, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (text: string) => (body += text));
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
      );
    })
      .on("error", reject)
      .end();
  });
}
