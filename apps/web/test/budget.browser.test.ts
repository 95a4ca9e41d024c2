import { gzipSync } from "node:zlib";
import { startChromium } from "@presence/testkit/browser";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ordinaryScene } from "./support/scene.ts";
import { type StagedServer, startStagedServer } from "./support/staged-server.ts";

const BUDGET_BYTES = 90 * 1024;

let browser: Browser;
let server: StagedServer;

beforeAll(async () => {
  browser = await startChromium();
  server = await startStagedServer(ordinaryScene());
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
});

it.each(["en-GB", "zh-CN"])("needs at most 90 KB gzip until the first number shows in %s", async (locale) => {
  const context = await browser.newContext({ locale });
  const page = await context.newPage();
  const sizes: Promise<number>[] = [];
  page.on("response", (response) => {
    if (!response.url().includes("/dashboard/")) return;
    sizes.push(response.body().then((body) => gzipSync(body, { level: 9 }).length));
  });
  await page.goto(`${server.url}/dashboard/`);
  await page.locator(".big.live").waitFor();
  const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);

  const figures = await page.evaluate(
    () =>
      new Promise<{ firstPaintMs: number; blockedMs: number; shift: number }>((resolve) => {
        let blockedMs = 0;
        let shift = 0;
        new PerformanceObserver((list) => {
          for (const { duration } of list.getEntries()) blockedMs += Math.max(0, duration - 50);
        }).observe({ type: "longtask", buffered: true });
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) if ("value" in entry) shift += Number(entry.value);
        }).observe({ type: "layout-shift", buffered: true });
        setTimeout(() => {
          const paint = performance.getEntriesByName("first-contentful-paint")[0];
          resolve({ firstPaintMs: paint?.startTime ?? Number.NaN, blockedMs, shift });
        }, 200);
      }),
  );
  console.log(
    `dashboard ${locale}: ${(bytes / 1024).toFixed(1)} KB gzip in ${sizes.length} files to the first number, ` +
      `first contentful paint ${figures.firstPaintMs.toFixed(0)} ms, total blocking time ${figures.blockedMs.toFixed(0)} ms, ` +
      `layout shift ${figures.shift.toFixed(3)}`,
  );
  expect(bytes).toBeLessThanOrEqual(BUDGET_BYTES);
  expect(figures.shift).toBeLessThan(0.1);
  await context.close();
});
