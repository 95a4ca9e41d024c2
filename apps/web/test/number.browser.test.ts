import { startChromium } from "@presence/testkit/browser";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { openDashboard } from "./support/dashboard-page.ts";
import { ordinaryScene } from "./support/scene.ts";
import { type StagedServer, startStagedServer } from "./support/staged-server.ts";

let browser: Browser;
let server: StagedServer;

beforeAll(async () => {
  browser = await startChromium();
  server = await startStagedServer(ordinaryScene());
});
beforeEach(() => server.change(ordinaryScene()));
afterAll(async () => {
  await browser?.close();
  await server?.close();
});

it("follows the stream: live, stale with its age, unavailable, live again, and never a zero", async () => {
  const { page, complaints, close } = await openDashboard(browser, server.url);
  const number = page.locator(".big .number");
  await page.locator(".big.live").waitFor();
  const seen = await page.evaluateHandle(() => {
    const texts = new Set<string>();
    const element = document.querySelector(".big .number");
    const note = () => texts.add(element?.textContent ?? "");
    note();
    if (element)
      new MutationObserver(note).observe(element, { childList: true, characterData: true, subtree: true });
    return texts;
  });

  server.change({ count: 1290 });
  await expect.poll(() => number.textContent()).toBe("1,290");
  expect(await page.title()).toBe("1,290 online · Presence");

  server.change({ store: "stale", ageMs: 57_000 });
  await page.locator(".big.stale").waitFor();
  expect(await page.locator(".big .state").textContent()).toMatch(/^5[789]\ss old$/);
  expect(await page.title()).toMatch(/\ss old · Presence$/);
  expect(await page.locator("header .count").textContent()).toContain("1,290");

  // Nothing more comes from the server: the page itself knows when the value is too old.
  await page.locator(".big.unavailable").waitFor();
  expect(await number.textContent()).toBe("–");

  server.change({ store: "unavailable" });
  server.change({ store: "live", count: 7, ageMs: 2 });
  await page.locator(".big.live").waitFor();
  expect(await seen.evaluate((texts) => [...texts])).toEqual(["1,284", "1,290", "–", "7"]);
  expect(complaints).toEqual([]);
  await close();
});

it("asks every 5 s where the server gives no streams, and says so", async () => {
  server.change({ hasStreams: false });
  const { page, close } = await openDashboard(browser, server.url);
  await page.locator(".big.polling").waitFor();
  expect(await page.locator(".big .state").textContent()).toBe("every 5 s");
  server.change({ count: 1300 });
  await expect.poll(() => page.locator(".big .number").textContent(), { timeout: 20_000 }).toBe("1,300");
  await close();
});

it("takes up a stream that broke", async () => {
  const { page, close } = await openDashboard(browser, server.url);
  await page.locator(".big.live").waitFor();
  server.cutStreams();
  await page.locator(".big.polling").waitFor();
  await page.locator(".big.live").waitFor();
  expect(await page.locator(".big .number").textContent()).toBe("1,284");
  await close();
});

it("says that the number is not public instead of showing one", async () => {
  server.change({ isPublic: false });
  const { page, close } = await openDashboard(browser, server.url);
  await page.locator(".big.locked").waitFor();
  expect(await page.locator(".big").textContent()).toContain("only to those who sign in");
  await close();
});

it("moves nothing when the number grows from 9 to 1,234,567 and back", async () => {
  server.change({ count: 9 });
  const { page, close } = await openDashboard(browser, server.url, {
    context: { viewport: { width: 1440, height: 900 } },
  });
  await page.locator(".big.live").waitFor();
  server.change({ count: 1_234_567 });
  await expect.poll(() => page.locator(".big .number").textContent()).toBe("1,234,567");
  const places = () =>
    page.evaluate(() =>
      [...document.querySelectorAll("header a, header button, .sentence, .trail")].map((element) => {
        const { x, y } = element.getBoundingClientRect();
        return `${x} ${y}`;
      }),
    );
  const before = await places();
  for (const count of [8, 1_111_111, 88_888]) {
    server.change({ count });
    await expect.poll(() => page.locator(".big .number").textContent()).toBe(count.toLocaleString("en"));
    expect(await places()).toEqual(before);
  }
  const shift = await page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        new PerformanceObserver((list) =>
          resolve(
            list.getEntries().reduce((sum, entry) => sum + ("value" in entry ? Number(entry.value) : 0), 0),
          ),
        ).observe({ type: "layout-shift", buffered: true });
        setTimeout(() => resolve(0), 300);
      }),
  );
  expect(shift).toBeLessThan(0.02);
  await close();
});
