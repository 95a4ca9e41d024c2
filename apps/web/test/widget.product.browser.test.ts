import { createServer, type Server } from "node:http";
import {
  freePort,
  type LocalCertificate,
  makeCertificate,
  scratchFolder,
  startNginx,
} from "@presence/testkit";
import { collectComplaints, openTab, startChromium } from "@presence/testkit/browser";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Product, startProduct } from "./support/product.ts";

let browser: Browser;
let site: { readonly url: string; readonly server: Server };
let html = "";

beforeAll(async () => {
  browser = await startChromium();
  const server = createServer((_request, response) => {
    response.setHeader("content-type", "text/html");
    response.end(html);
  });
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  // By another name than the server's, so that it is another site to the browser.
  site = { url: `http://127.0.0.1:${port}`, server };
});
afterAll(async () => {
  await browser?.close();
  site?.server.closeAllConnections();
  site?.server.close();
});

const tagsOf = (url: string) =>
  `<!doctype html><html lang="en"><title>A site</title><script type="module" src="${url}/widget.js"></script><online-count></online-count>`;

const countOf = async (product: Product) => {
  const response = await fetch(`${product.url}/user/online/`);
  const { num }: { num: number } = await response.json();
  return num;
};

const SHOWN = "document.querySelector('online-count').shadowRoot.textContent";

it("counts and shows on a page of another origin that is listed", async () => {
  const product = await startProduct({ PRESENCE_CORS_ORIGINS: site.url });
  html = tagsOf(product.url);
  const page = await browser.newPage({ locale: "en-GB" });
  const complaints = collectComplaints(page);
  await page.goto(site.url);
  await expect.poll(() => page.evaluate(SHOWN)).toBe("1online");
  expect(await countOf(product)).toBe(1);
  expect(complaints).toEqual([]);
  await page.close();
  await product.stop();
});

it("shows but does not count on one that is not, and says in the console which variable to set", async () => {
  const product = await startProduct();
  html = tagsOf(product.url);
  const page = await browser.newPage({ locale: "en-GB" });
  const complaints = collectComplaints(page);
  await page.goto(site.url);
  await expect.poll(() => page.evaluate(SHOWN)).toBe("0online");
  expect(await countOf(product)).toBe(0);
  expect(
    complaints.filter((complaint) => complaint.includes(`Add ${site.url} to PRESENCE_CORS_ORIGINS`)),
  ).toHaveLength(1);
  await page.close();
  await product.stop();
});

it("lets a visitor go whose tab is hidden, and counts them again when it is shown", async () => {
  const product = await startProduct({ PRESENCE_CORS_ORIGINS: site.url, PRESENCE_WINDOW_SECONDS: "3" });
  html = tagsOf(product.url);
  const tab = await openTab(browser, site.url);
  await tab.activate();
  await expect.poll(() => countOf(product)).toBe(1);
  const other = await openTab(browser, "about:blank");
  await other.activate();
  await expect.poll(() => countOf(product)).toBe(0);
  await tab.activate();
  await expect.poll(() => countOf(product)).toBe(1);
  await product.stop();
});

it("counts on an https page, behind an nginx that ends TLS", async () => {
  const [presencePort, sitePort] = [await freePort(), await freePort()];
  const origin = { presence: `https://localhost:${presencePort}`, site: `https://127.0.0.1:${sitePort}` };
  const product = await startProduct({
    PRESENCE_PUBLIC_URL: origin.presence,
    PRESENCE_CORS_ORIGINS: origin.site,
  });
  html = tagsOf(origin.presence);
  const folder = await scratchFolder("tls");
  const settings = tlsProxy(await makeCertificate(folder.path), [
    { port: presencePort, upstream: product.url },
    { port: sitePort, upstream: site.url },
  ]);
  const nginx = await startNginx(settings, presencePort);

  const context = await browser.newContext({ ignoreHTTPSErrors: true, locale: "en-GB" });
  const page = await context.newPage();
  const complaints = collectComplaints(page);
  await page.goto(origin.site);
  await expect.poll(() => page.evaluate(SHOWN)).toBe("1online");
  expect(await countOf(product)).toBe(1);
  await page.goto(`${origin.presence}/dashboard/#token=${product.token}`);
  await page.locator(".big.live").waitFor();
  expect(complaints).toEqual([]);
  await context.close();
  await nginx[Symbol.asyncDispose]();
  await folder.remove();
  await product.stop();
});

/** Settings that end TLS at each port and pass on what comes there. */
function tlsProxy(
  { certFile, keyFile }: LocalCertificate,
  hosts: readonly { readonly port: number; readonly upstream: string }[],
): string {
  const servers = hosts.map(
    ({ port, upstream }) => `
  server {
    listen 127.0.0.1:${port} ssl;
    location / {
      proxy_pass ${upstream};
      proxy_http_version 1.1;
      proxy_buffering off;
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    }
  }`,
  );
  return `ssl_certificate ${certFile};
ssl_certificate_key ${keyFile};
${servers.join("\n")}`;
}
