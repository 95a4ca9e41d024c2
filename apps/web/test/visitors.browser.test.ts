import { startChromium } from "@presence/testkit/browser";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { type DashboardPage, openDashboard } from "./support/dashboard-page.ts";
import { ADMIN_TOKEN, manyVisitors, ordinaryScene } from "./support/scene.ts";
import { type StagedServer, startStagedServer } from "./support/staged-server.ts";

let browser: Browser;
let server: StagedServer;

beforeAll(async () => {
  browser = await startChromium();
  server = await startStagedServer(ordinaryScene());
});
beforeEach(() => {
  server.change(ordinaryScene({ visitors: manyVisitors(1000) }));
  server.forgotten.length = 0;
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
});

async function openVisitors(): Promise<DashboardPage> {
  const opened = await openDashboard(browser, server.url, { path: "visitors", token: ADMIN_TOKEN });
  await opened.page.locator("tbody tr").first().waitFor();
  return opened;
}

const names = (page: Page) => page.locator("tbody th code").allTextContents();

it("pages through 1,000 visitors, each once, and back", async () => {
  const { page, complaints, close } = await openVisitors();
  const seen = await names(page);
  const first = seen.slice();
  for (let number = 2; number <= 20; number += 1) {
    await page.getByRole("button", { name: "Next" }).click();
    await page.getByText(`Page ${number}`, { exact: true }).waitFor();
    await page.locator("[aria-busy=false]").waitFor();
    seen.push(...(await names(page)));
  }
  expect(await page.getByRole("button", { name: "Next" }).isDisabled()).toBe(true);
  expect(new Set(seen).size).toBe(1000);
  for (let number = 19; number >= 1; number -= 1) {
    await page.getByRole("button", { name: "Previous" }).click();
    await page.getByText(`Page ${number}`, { exact: true }).waitFor();
  }
  await page.locator("[aria-busy=false]").waitFor();
  expect(await names(page)).toEqual(first);
  expect(complaints).toEqual([]);
  await close();
});

it("filters over all pages, not only the one that is shown", async () => {
  const { page, close } = await openVisitors();
  const wanted = server.scene.visitors.filter(({ visitor }) => visitor.includes("51.104."));
  await page.getByRole("searchbox").fill("51.104.");
  await page.getByText(`${wanted.length} match of 1,000 visitors.`).first().waitFor();
  expect(await names(page)).toEqual(wanted.map(({ visitor }) => visitor));
  await page.getByRole("searchbox").fill("nobody");
  await page.getByText("Nobody matches in 1,000 visitors.").first().waitFor();
  await page.getByRole("button", { name: "Clear the filter" }).click();
  await page.getByText("Page 1", { exact: true }).waitFor();
  await close();
});

it("forgets for good after 5 s, and not at all when it is undone", async () => {
  const { page, close } = await openVisitors();
  const [kept = "", gone = ""] = [server.scene.visitors[5]?.visitor, server.scene.visitors[6]?.visitor];
  await page.getByRole("button", { name: `Forget ${kept}`, exact: true }).click();
  await page.getByRole("button", { name: `Undo: keep ${kept}` }).click();
  await page.getByRole("button", { name: `Forget ${gone}`, exact: true }).click();
  expect(server.forgotten).toEqual([]);
  await expect.poll(() => server.forgotten, { timeout: 20_000 }).toEqual([[gone]]);
  const row = page.locator("tbody tr", { hasText: gone });
  await row.getByText("forgotten").waitFor();
  await page.getByRole("button", { name: "Refresh" }).click();
  await row.waitFor({ state: "detached" });
  expect(await names(page)).toContain(kept);
  await close();
});

it("sends a wish to forget at once on leaving the view, and on leaving the page", async () => {
  const { page, close } = await openVisitors();
  const [one = "", other = ""] = [server.scene.visitors[7]?.visitor, server.scene.visitors[8]?.visitor];
  await page.getByRole("button", { name: `Forget ${one}`, exact: true }).click();
  await page.getByRole("link", { name: "Upkeep" }).first().click();
  await expect.poll(() => server.forgotten).toEqual([[one]]);
  await page.goBack();
  await page.getByRole("button", { name: `Forget ${other}`, exact: true }).click();
  await page.goto("about:blank");
  await expect.poll(() => server.forgotten).toEqual([[one], [other]]);
  await close();
});

it("counts the seconds since a visitor was seen, and says when they are gone", async () => {
  const { page, close } = await openVisitors();
  const ago = async (): Promise<number> => {
    const text = await page.locator("tbody tr").first().locator(".ago").textContent();
    return Number(/^\s*(\d+)\ss\s*$/.exec(text ?? "")?.[1]);
  };
  const firstSeconds = await ago();
  await expect.poll(ago).toBeGreaterThan(firstSeconds);
  await close();
});

it("shows a text with control characters as its bytes", async () => {
  const { page, close } = await openVisitors();
  expect(await names(page)).toContain(String.raw`user \xe2\x80\xae\x07<b>42`);
  await close();
});
