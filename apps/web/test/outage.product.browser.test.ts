import { type RedisServer, startRedis } from "@presence/testkit";
import { startChromium } from "@presence/testkit/browser";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openDashboard } from "./support/dashboard-page.ts";
import { type Product, someAddresses, startProduct, visitFrom } from "./support/product.ts";

let browser: Browser;
let redis: RedisServer;
let product: Product;

beforeAll(async () => {
  browser = await startChromium();
  redis = await startRedis({ persist: true });
  product = await startProduct({ REDIS_URL: redis.url, PRESENCE_WINDOW_SECONDS: "12" });
});
afterAll(async () => {
  await browser?.close();
  await product?.stop();
  await redis?.stop();
});

it("shows live, stale with its age, unavailable and live again while the store goes and comes, and never a zero", async () => {
  await visitFrom(product.url, someAddresses(7));
  const { page, complaints, close } = await openDashboard(browser, product.url);
  await page.locator(".big.live").waitFor();
  expect(await page.locator(".big .number").textContent()).toBe("7");
  const seen = await page.evaluateHandle(() => {
    const states: string[] = [];
    const note = () => {
      const big = document.querySelector(".big");
      const text = `${big?.className.replace("big ", "")} ${big?.querySelector(".number")?.textContent}`;
      if (states.at(-1) !== text) states.push(text);
    };
    note();
    new MutationObserver(note).observe(document.body, {
      subtree: true,
      childList: true,
      characterData: true,
      attributes: true,
    });
    return states;
  });

  await redis.kill();
  await page.locator(".big.stale").waitFor();
  expect(await page.locator(".big .state").textContent()).toMatch(/^\d+\ss old$/);
  await page.locator(".big.unavailable").waitFor();
  await redis.restart();
  await page.waitForFunction(() => document.querySelector(".big.live, .big.polling") === null);
  await visitFrom(product.url, someAddresses(3));
  await page.locator(".big.live").waitFor();
  await expect.poll(() => page.locator(".big .number").textContent()).toBe("3");

  const states = await seen.evaluate((list) => list);
  console.log(states.join(" -> "));
  expect(states.filter((state) => state.endsWith(" 0"))).toEqual([]);
  expect(complaints.filter((complaint) => !complaint.includes("503"))).toEqual([]);
  await close();
});
