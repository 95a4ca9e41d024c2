import { type RedisServer, startRedis } from "@presence/testkit";
import { startChromium } from "@presence/testkit/browser";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openDashboard } from "./support/dashboard-page.ts";
import { type Product, someAddresses, startProduct, visitFrom } from "./support/product.ts";

const AMOUNT = 1_000;

let browser: Browser;
let redis: RedisServer;
let product: Product;

beforeAll(async () => {
  browser = await startChromium();
  redis = await startRedis();
  product = await startProduct({
    REDIS_URL: redis.url,
    PRESENCE_WINDOW_SECONDS: "600",
    PRESENCE_JOBS: "off",
  });
  await visitFrom(product.url, someAddresses(AMOUNT));
});
afterAll(async () => {
  await browser?.close();
  await product?.stop();
  await redis?.stop();
});

const names = (page: Page) => page.locator("tbody th code").allTextContents();
const score = (visitor: string) => redis.client().zscore("onlines", visitor);

it("lists 1,000 visitors once each, filters them, forgets one, undoes one", async () => {
  const { page, complaints, close } = await openDashboard(browser, product.url, {
    path: "visitors",
    token: product.token,
  });
  await page.locator("tbody tr").first().waitFor();
  const seen = new Set(await names(page));
  for (let number = 2; number <= AMOUNT / 50; number += 1) {
    await page.getByRole("button", { name: "Next" }).click();
    await page.getByText(`Page ${number}`, { exact: true }).waitFor();
    await page.locator("[aria-busy=false]").waitFor();
    for (const name of await names(page)) seen.add(name);
  }
  expect([...seen].toSorted()).toEqual(someAddresses(AMOUNT).toSorted());

  await page.getByRole("searchbox").fill("198.51.102.");
  await page.getByText("250 match of 1,000 visitors.").first().waitFor();
  const [undone = "", gone = ""] = await names(page);
  await page.getByRole("button", { name: `Forget ${undone}`, exact: true }).click();
  await page.getByRole("button", { name: `Undo: keep ${undone}` }).click();
  await page.getByRole("button", { name: `Forget ${gone}`, exact: true }).click();
  expect(await score(gone)).not.toBeNull();
  await expect.poll(() => score(gone)).toBeNull();
  expect(await score(undone)).not.toBeNull();
  await page.locator("tbody tr", { hasText: gone }).getByText("forgotten").waitFor();
  await expect.poll(() => page.locator("header .number").textContent()).toBe("999");
  expect(complaints).toEqual([]);
  await close();
});

it("refuses a wrong token, drops one that is no longer taken, and signs out", async () => {
  const { page, close } = await openDashboard(browser, product.url, {
    path: "login",
    context: { viewport: { width: 1440, height: 900 } },
  });
  await page.getByLabel("Admin token").fill("not-the-admin-token-of-this-server-0");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("alert").filter({ hasText: "does not know this token" }).waitFor();

  await page.getByLabel("Admin token").fill(product.token);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Busiest pages" }).waitFor();
  // As after a rotation: what the tab keeps is an old one.
  await page.evaluate(() =>
    sessionStorage.setItem("presence.token", "the-admin-token-of-before-the-rotation"),
  );
  await page.goto(`${product.url}/dashboard/visitors`);
  await page.getByText("The server no longer takes your token.").waitFor();

  await page.getByLabel("Admin token").fill(product.token);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByText("You are signed out.").waitFor();
  await close();
});

it("prunes what has expired, and says how many", async () => {
  const old = Date.now() / 1000 - 5_000;
  await redis.client().zadd("onlines", old, "192.0.2.1", old, "192.0.2.2");
  const { page, complaints, close } = await openDashboard(browser, product.url, {
    path: "upkeep",
    token: product.token,
  });
  await page.locator(".amount", { hasText: "2" }).waitFor();
  await page.getByRole("button", { name: "Count what would go" }).click();
  await page.getByText("2 visitors would go.").waitFor();
  await page.getByRole("button", { name: "Remove them now" }).click();
  await page.getByText(/2 visitors removed in/).waitFor();
  await page.locator(".amount", { hasText: "0" }).waitFor();
  expect(await redis.client().zscore("onlines", "192.0.2.1")).toBeNull();
  expect(complaints).toEqual([]);
  await close();
});

it("turns green when the first new sighting arrives", async () => {
  const { page, close } = await openDashboard(browser, product.url, { path: "add", token: product.token });
  await page.getByText("Waiting for the first new sighting…").waitFor();
  await page.waitForResponse((response) => response.url().includes("/v1/online/visitors?limit=1"));
  await visitFrom(product.url, ["203.0.113.200"]);
  await page.getByText("It arrives: 203.0.113.200 was just seen.").waitFor();
  await close();
});
